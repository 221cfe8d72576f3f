import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.7rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .whole {
    inline-size: 100%;
    block-size: 2.6rem;
  }
  .whole rect {
    stroke: var(--moot-surface);
    stroke-width: 2;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.45rem 0;
    border-block-end: 1px solid var(--moot-line);
    text-align: end;
  }
  tr:last-child > * {
    border: 0;
  }
  td:last-child {
    min-inline-size: 4rem;
    font: 500 1.15em / 1 var(--moot-serif);
  }
  .grade {
    display: flex;
    gap: 0.8rem;
    align-items: center;
    font-weight: 600;
  }
  tbody th {
    text-align: start;
  }
`
