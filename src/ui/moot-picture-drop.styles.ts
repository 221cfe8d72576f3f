import { css } from 'lit'

export const styles = css`
  label {
    display: grid;
    place-items: center;
    align-content: center;
    gap: 0.6rem;
    inline-size: 100%;
    max-inline-size: 30rem;
    min-block-size: 15rem;
    padding: 1.25rem;
    border: 2px dashed var(--moot-line-strong);
    border-radius: var(--moot-radius);
    background: var(--moot-surface);
    text-align: center;
    cursor: pointer;
  }
  label:hover {
    background: var(--moot-sunk);
  }
  label:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  .soft {
    font-weight: 400;
  }
  canvas {
    max-inline-size: 100%;
    max-block-size: 20rem;
    border-radius: 8px;
  }
`
