import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 0.7rem 1.25rem;
    align-items: start;
  }
  .head {
    grid-column: 1 / -1;
  }
  h3 {
    font: 500 var(--moot-large) / 1.2 var(--moot-serif);
  }
  h3 a {
    display: inline-block;
    min-block-size: 1.5rem;
    color: inherit;
    text-decoration-color: var(--moot-line-strong);
  }
  .asks,
  .why {
    color: var(--moot-ink-soft);
    font-size: var(--moot-small);
    line-height: 1.35;
  }
  .value {
    display: grid;
    line-height: 1.3;
  }
  .value strong {
    font: 500 clamp(1.9rem, 1.6rem + 1vw, 2.6rem) / 1.05 var(--moot-serif);
    font-variant-numeric: lining-nums tabular-nums;
    letter-spacing: -0.01em;
  }
  .value .none {
    color: var(--moot-ink-soft);
  }
  .line {
    display: grid;
    grid-row: 3;
    grid-column: 1 / -1;
    gap: 0.3rem;
  }
  .plot svg {
    display: block;
    inline-size: 100%;
    block-size: 2.1rem;
    overflow: visible;
  }
  .chance {
    fill: var(--moot-line);
    rx: 3px;
  }
  .axis {
    stroke: var(--moot-line-strong);
    stroke-width: 1;
  }
  .zero {
    stroke: var(--moot-ink-soft);
    stroke-width: 1.5;
    stroke-dasharray: 3 3;
  }
  .interval {
    stroke: var(--moot-ink);
    stroke-width: 3.5;
    stroke-linecap: round;
  }
  .dot {
    fill: var(--moot-surface);
    stroke: var(--moot-ink);
    stroke-width: 3;
  }
  .dot.beyond {
    fill: var(--moot-gorse);
  }
  .beside {
    fill: var(--moot-surface);
    stroke: var(--moot-ink);
    stroke-width: 2;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    color: var(--moot-ink-soft);
    font-size: 0.78rem;
    line-height: 1.2;
    font-variant-numeric: tabular-nums;
  }
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.2rem;
    margin: 0;
    font-size: var(--moot-small);
    line-height: 1.35;
  }
  dl div {
    display: flex;
    gap: 0.45rem;
    min-inline-size: 9.2rem;
    white-space: nowrap;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .time {
    display: grid;
    gap: 0.35rem;
    align-content: start;
  }
  .spark {
    display: block;
    inline-size: 100%;
    block-size: 2.1rem;
    overflow: visible;
  }
  .spark path {
    fill: none;
    stroke: var(--moot-ink-soft);
    stroke-width: 1.75;
    stroke-linejoin: round;
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .spark .end {
    stroke: var(--moot-ink);
    stroke-width: 6;
  }
  .drift {
    display: flex;
    gap: 0.4rem;
    align-items: start;
    min-block-size: 2.7em;
    font-size: var(--moot-small);
    line-height: 1.35;
  }
  @media (min-width: 60rem) {
    :host {
      grid-template-columns: minmax(12rem, 1.15fr) 9rem minmax(15rem, 1.5fr) minmax(9.5rem, 0.75fr);
      column-gap: clamp(1.25rem, 2.5vw, 2.5rem);
    }
    .head,
    .line {
      grid-row: auto;
      grid-column: auto;
    }
    .drift {
      min-block-size: 1.35em;
    }
  }
`
