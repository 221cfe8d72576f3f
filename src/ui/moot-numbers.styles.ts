import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.6rem;
    grid-template-columns: minmax(0, 1fr);
  }
  textarea {
    min-block-size: clamp(6rem, 100svh - 30rem, 15rem);
  }
  ul {
    margin: 0;
    padding-inline-start: 1.1rem;
  }
`
