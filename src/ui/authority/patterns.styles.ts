import { css } from 'lit'

/** For shadow roots in which patterns stand: the drawings' strokes, their place out of sight, and a swatch of one. */
export const patterned = css`
  .defs {
    position: absolute;
    inline-size: 0;
    block-size: 0;
  }
  pattern {
    fill: none;
    stroke-width: 1.4;
  }
  pattern .full {
    fill: currentColor;
    stroke: none;
  }
  .swatch {
    inline-size: 1.6rem;
    block-size: 1.6rem;
  }
  .swatch rect {
    stroke: var(--moot-line-strong);
  }
`
