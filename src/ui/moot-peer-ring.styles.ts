import { css } from 'lit'

export const styles = css`
  svg {
    display: block;
    inline-size: 100%;
    overflow: visible;
  }
  path {
    fill: var(--moot-cpu);
  }
  .gpu {
    fill: var(--moot-gpu);
  }
  .still {
    fill: var(--moot-surface);
    stroke: var(--moot-ink-soft);
    stroke-width: 1.6;
  }
  .me {
    fill: var(--moot-gorse);
    stroke: var(--moot-ink);
    stroke-width: 1.6;
  }
  line {
    stroke: var(--moot-line-strong);
    stroke-width: 1.6;
  }
  .relay {
    stroke-dasharray: 2 5;
    stroke-linecap: round;
  }
  text {
    fill: var(--moot-ink);
    stroke: var(--moot-ground);
    stroke-width: 4;
    stroke-linejoin: round;
    paint-order: stroke;
    font: 500 11px/1 var(--moot-sans);
    text-anchor: middle;
  }
  .engine {
    fill: none;
    stroke: var(--moot-surface);
    stroke-width: 1.6;
  }
  circle {
    fill: none;
    stroke: var(--moot-line);
  }
`
