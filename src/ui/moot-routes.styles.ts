import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .lead {
    margin-block-start: -0.5rem;
  }
  .pair {
    display: grid;
    gap: 1.5rem clamp(1.5rem, 4vw, 4rem);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .chart {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.4rem 0.6rem;
  }
  .columns {
    inline-size: 100%;
    block-size: clamp(15rem, 34vw, 24rem);
    border-block-end: 2px solid var(--moot-ink);
  }
  .columns rect {
    stroke: var(--moot-ground);
    stroke-width: 1.5;
  }
  .scale {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    line-height: 1;
  }
  .scale,
  .axis {
    color: var(--moot-ink-soft);
    font-size: var(--moot-small);
    font-variant-numeric: tabular-nums;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    gap: 0.6rem;
    text-align: center;
  }
  .axis span:is(:first-child, :last-child):not(:only-child) {
    white-space: nowrap;
  }
  .legend,
  .legend tbody {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .legend tr {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 1rem;
    align-items: center;
    padding-block: 0.42rem;
    border-block-end: 1px solid var(--moot-line);
  }
  .legend tr:last-child {
    border-block-end: 0;
  }
  .legend tr.none {
    color: var(--moot-ink-soft);
  }
  .legend th,
  .legend td {
    padding: 0;
    border: 0;
    line-height: 1.25;
  }
  .legend tbody th {
    display: flex;
    grid-column: 1;
    gap: 0.8rem;
    align-items: center;
  }
  .legend th .small {
    display: block;
  }
  .legend td {
    font: 500 1.15em / 1 var(--moot-serif);
  }
  .swatch {
    flex: none;
  }
  summary {
    justify-self: start;
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    font-size: var(--moot-small);
    cursor: pointer;
  }
  .scroll {
    overflow: auto;
    max-block-size: 24rem;
  }
  .scroll table {
    font-size: var(--moot-small);
  }
  @media (min-width: 60rem) {
    .pair {
      grid-template-columns: minmax(0, 1.55fr) minmax(19rem, 1fr);
    }
  }
`
