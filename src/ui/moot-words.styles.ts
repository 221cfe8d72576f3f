import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.6rem;
    grid-template-columns: minmax(0, 1fr);
  }
  textarea {
    min-block-size: clamp(6rem, 100svh - 30rem, 15rem);
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
`
