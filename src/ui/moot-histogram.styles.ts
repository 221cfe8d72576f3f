import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.3rem;
    grid-template-columns: minmax(0, 1fr);
  }
  svg {
    inline-size: 100%;
    block-size: 6.5rem;
    border-block-end: 2px solid var(--moot-line-strong);
    overflow: visible;
  }
  rect {
    fill: var(--moot-contested);
  }
  line {
    stroke: var(--moot-ink);
    stroke-width: 1.5;
    stroke-dasharray: 4 3;
    vector-effect: non-scaling-stroke;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    color: var(--moot-ink-soft);
    font-size: var(--moot-small);
    font-variant-numeric: tabular-nums;
  }
  summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    font-size: var(--moot-small);
    cursor: pointer;
  }
  .scroll {
    overflow: auto;
    max-block-size: 16rem;
  }
  table {
    border-collapse: collapse;
    font-size: var(--moot-small);
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.2rem 1.5rem 0.2rem 0;
    text-align: start;
    font-weight: 400;
  }
  thead th {
    color: var(--moot-ink-soft);
    font-weight: 600;
  }
`
