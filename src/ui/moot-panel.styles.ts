import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  header {
    display: grid;
    gap: 0.4rem;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1.4rem;
    color: var(--moot-ink-soft);
  }
  .key span {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
  }
  .dot,
  .beyond {
    inline-size: 0.95rem;
    block-size: 0.95rem;
    border: 3px solid var(--moot-ink);
    border-radius: 50%;
  }
  .beyond {
    background: var(--moot-gorse);
  }
  .beside {
    inline-size: 0.68rem;
    block-size: 0.68rem;
    margin-inline: 0.15rem;
    border: 2px solid var(--moot-ink);
    rotate: 45deg;
  }
  .interval {
    inline-size: 1.6rem;
    block-size: 4px;
    border-radius: 2px;
    background: var(--moot-ink);
  }
  .chance {
    inline-size: 1.6rem;
    block-size: 1.05rem;
    border-radius: 3px;
    background: var(--moot-line);
  }
  ol {
    margin: 0.6rem 0 0.4rem;
    padding: 0;
    list-style: none;
  }
  li {
    padding-block: 1.25rem;
    border-block-start: 1px solid var(--moot-line);
  }
  li:first-child {
    border: 0;
  }
  details {
    border-block-start: 1px solid var(--moot-line);
  }
  summary {
    min-block-size: 2.75rem;
    align-content: center;
    color: var(--moot-link);
    cursor: pointer;
  }
  details table {
    margin-block-end: 1rem;
  }
  .figures {
    white-space: nowrap;
  }
  th a {
    display: inline-block;
    min-block-size: 1.5rem;
  }
`
