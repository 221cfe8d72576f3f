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
  tbody th .small {
    font-weight: 400;
  }
  .who {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 0.55rem;
    vertical-align: middle;
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
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 0.15rem 1rem;
      align-items: center;
      padding-block: 0.8rem;
      border-block-end: 1px solid var(--moot-line);
    }
    tr:first-child {
      padding-block-start: 0;
    }
    tr:last-child {
      padding-block-end: 0;
      border-block-end: 0;
    }
    th,
    td {
      padding: 0.1rem 0;
      border: 0;
    }
    th,
    td.wide {
      grid-column: 1 / -1;
    }
    td.action {
      grid-area: 1 / 2;
      justify-self: end;
    }
    tr:has(.action) th {
      grid-column: 1;
    }
    td[data-of] {
      display: flex;
      gap: 0.6rem;
      align-items: baseline;
      overflow-wrap: anywhere;
    }
    td[data-of]::before {
      content: attr(data-of);
      color: var(--moot-ink-soft);
      font-size: var(--moot-small);
      white-space: nowrap;
    }
  }
`
