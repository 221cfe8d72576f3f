import { css } from 'lit'

/** A table that becomes a list of cards where there is no room for columns. Cells carry their column's name in `data-of`. */
export const table = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.65rem 0.9rem 0.65rem 0;
    border-block-end: 1px solid var(--moot-line);
    text-align: start;
    vertical-align: middle;
  }
  thead th {
    color: var(--moot-ink-soft);
    font: 600 var(--moot-small) / 1.3 var(--moot-sans);
  }
  tbody th {
    font-weight: 600;
  }
  tbody tr:last-child > * {
    border-block-end: 0;
  }
  @media (max-width: 46rem) {
    table,
    tbody,
    tr,
    th,
    td {
      display: block;
    }
    thead {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    tr {
      padding-block: 0.7rem;
      border-block-end: 1px solid var(--moot-line);
    }
    tr:last-child {
      border-block-end: 0;
    }
    th,
    td {
      padding: 0.15rem 0;
      border: 0;
    }
    td[data-of] {
      display: flex;
      justify-content: space-between;
      gap: 1rem;
      text-align: end;
    }
    td[data-of]::before {
      content: attr(data-of);
      color: var(--moot-ink-soft);
      font-size: var(--moot-small);
      text-align: start;
    }
  }
`
