import { css } from 'lit'

export const styles = css`
  svg {
    display: block;
    inline-size: 100%;
    overflow: visible;
    color: var(--tone);
  }
  .stone {
    fill: var(--moot-surface);
    stroke: currentColor;
    stroke-width: 1.6;
  }
  .revealed {
    fill: currentColor;
  }
  .committed {
    fill: var(--tone-soft);
    stroke-width: 2.4;
  }
  .computing,
  .fetching {
    stroke-dasharray: 4 3.5;
    animation: work 1.2s linear infinite;
  }
  .other {
    fill: var(--moot-surface);
    stroke-width: 2.4;
  }
  .engine {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
  }
  .revealed + .engine {
    stroke: var(--moot-surface);
  }
  .ring {
    fill: none;
    stroke: var(--moot-line-strong);
    stroke-width: 1.6;
    stroke-dasharray: 2 6;
  }
  .tie {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
  }
  .rounding .tie {
    stroke-dasharray: 7 4;
  }
  .waiting .tie {
    stroke: var(--moot-line-strong);
    stroke-dasharray: 1.5 5;
    stroke-linecap: round;
  }
  text {
    fill: var(--moot-ink);
    font: 500 68px/1 var(--moot-serif);
    text-anchor: middle;
    dominant-baseline: central;
  }
  text.some {
    font-size: 40px;
  }
  text.long {
    font: 600 15px/1 var(--moot-sans);
  }
  @keyframes work {
    to {
      stroke-dashoffset: -15;
    }
  }
`
