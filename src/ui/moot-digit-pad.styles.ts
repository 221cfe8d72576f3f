import { css } from 'lit'

export const styles = css`
  .paper {
    position: relative;
    inline-size: 100%;
    max-inline-size: 30rem;
    aspect-ratio: 1;
    border: 1px solid var(--moot-line-strong);
    border-radius: var(--moot-radius);
    background:
      radial-gradient(circle at center, var(--moot-line) 1px, transparent 1.4px) center / calc(100% / 14)
        calc(100% / 14),
      var(--moot-surface);
    overflow: hidden;
  }
  /* On a short phone the pad gives way, so that Ask stays in sight below it. */
  @media (max-width: 52rem) {
    .paper {
      max-inline-size: clamp(10rem, 100svh - 25rem, 30rem);
      margin-inline: auto;
    }
  }
  canvas {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    color: var(--moot-ink);
    cursor: crosshair;
    touch-action: none;
  }
  .paper p {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: var(--moot-ink-soft);
    font: italic 400 var(--moot-large) / 1.3 var(--moot-serif);
    pointer-events: none;
  }
  .tools {
    position: absolute;
    inset-block-end: 0.6rem;
    inset-inline-end: 0.6rem;
    display: flex;
    gap: 0.4rem;
  }
  .tools button:disabled {
    display: none;
  }
  @media (max-width: 30rem) {
    .tools button {
      min-block-size: 1.9rem;
      padding: 0.1rem 0.55rem;
      font-size: 0.8rem;
    }
  }
  .samples {
    display: grid;
    gap: 0.35rem;
    margin-block-start: 0.8rem;
    max-inline-size: 30rem;
  }
  .samples div {
    display: grid;
    grid-template-columns: repeat(10, minmax(0, 1fr));
    gap: 0.2rem;
  }
  .samples button {
    min-inline-size: 0;
    padding: 0;
    border-color: var(--moot-line);
    border-radius: 10px;
    font: 500 var(--moot-text) / 1 var(--moot-serif);
  }
`
