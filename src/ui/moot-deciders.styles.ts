import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.8rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  [role='tablist'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.4rem;
    border-block-end: 1px solid var(--moot-line);
  }
  [role='tab'] {
    min-block-size: 2.75rem;
    padding: 0.3rem 0;
    border: 0;
    border-block-end: 3px solid transparent;
    background: none;
    color: var(--moot-ink-soft);
    font: 550 var(--moot-text) / 1.2 var(--moot-sans);
    cursor: pointer;
  }
  [role='tab'][aria-selected='true'] {
    border-color: var(--moot-ink);
    color: var(--moot-ink);
  }
  [role='tabpanel'] {
    display: grid;
    gap: 0.8rem;
    grid-template-columns: minmax(0, 1fr);
  }
  td.share {
    font-weight: 600;
    white-space: nowrap;
  }
  .bar {
    display: inline-block;
    inline-size: clamp(4rem, 12vw, 11rem);
    margin-inline-end: 0.7rem;
    vertical-align: middle;
  }
  .bar i {
    display: block;
    min-inline-size: 3px;
    block-size: 0.8rem;
    border-radius: 3px;
    background: var(--moot-ink);
  }
  .narrow {
    display: none;
  }
  .you {
    padding: 0.05rem 0.5rem;
    border-radius: 99px;
    background: var(--moot-gorse);
    color: var(--moot-on-gorse);
    font-size: var(--moot-small);
  }
  td.part {
    text-align: end;
  }
  thead th:last-child {
    text-align: end;
  }
  tr.half > * {
    border-block-end: 3px solid var(--moot-ink);
  }
  @media (max-width: 46rem) {
    tr {
      padding-block: 0.5rem;
    }
    tr.half {
      border-block-end: 3px solid var(--moot-ink);
    }
    tr.half > * {
      border: 0;
    }
    .narrow {
      display: inline;
    }
    .broad {
      display: none;
    }
    td.part {
      justify-self: end;
      color: var(--moot-ink-soft);
      font-size: var(--moot-small);
    }
    td.part::before {
      content: none;
    }
  }
`
