import { css } from 'lit'

export const styles = css`
  ol {
    display: grid;
    gap: 0.15rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  a {
    display: grid;
    grid-template-columns: 3rem minmax(0, 1fr) auto;
    gap: 0.9rem;
    align-items: center;
    padding: 0.55rem;
    border-radius: 10px;
    color: inherit;
    text-decoration: none;
  }
  a:hover {
    background: var(--moot-sunk);
  }
  moot-input-view {
    overflow: hidden;
    max-block-size: 3rem;
  }
  .words {
    display: grid;
    place-items: center;
    color: var(--moot-ink-soft);
  }
  .said {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .what {
    display: grid;
    min-inline-size: 0;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    color: var(--tone);
    font-weight: 600;
    font-size: var(--moot-small);
  }
  .label {
    font: 500 calc(var(--moot-title) * 0.85) / 1.1 var(--moot-serif);
    max-inline-size: 7rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label.long {
    font-size: var(--moot-text);
  }
`
