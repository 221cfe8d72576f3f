import { css } from 'lit'

export const styles = css`
  canvas {
    display: block;
    inline-size: 100%;
    border-radius: 8px;
    background: var(--moot-surface);
    box-shadow: 0 0 0 1px var(--moot-line);
    color: var(--moot-ink);
    image-rendering: pixelated;
  }
  p {
    font-size: var(--moot-small);
  }
`
