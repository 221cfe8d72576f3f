import { css } from 'lit'

export const styles = css`
  ol {
    display: grid;
    gap: 0.45rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: minmax(1.5rem, auto) minmax(0, 1fr) 4.6rem;
    gap: 0.9rem;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  ol.long li {
    grid-template-columns: minmax(0, 1fr) 4.6rem;
    gap: 0.1rem 0.9rem;
  }
  ol.long .bar {
    grid-column: 1 / -1;
    grid-row: 2;
  }
  .name {
    font: 500 var(--moot-large) / 1.2 var(--moot-serif);
    overflow-wrap: anywhere;
  }
  .share {
    text-align: end;
    white-space: nowrap;
  }
  .bar {
    block-size: 0.6rem;
    border-radius: 99px;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .bar i {
    display: block;
    block-size: 100%;
    border-radius: inherit;
    background: var(--moot-line-strong);
  }
  li:first-child .bar i {
    background: var(--moot-gorse);
    box-shadow: inset 0 0 0 1px var(--moot-on-gorse);
  }
  details {
    margin-block-start: 1rem;
  }
  summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    cursor: pointer;
  }
  pre {
    max-block-size: 18rem;
    margin: 0.5rem 0;
    padding: 0.8rem;
    border-radius: 10px;
    background: var(--moot-sunk);
    font: 400 0.85rem/1.5 var(--moot-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    overflow-y: auto;
  }
`
