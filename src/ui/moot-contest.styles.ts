import { css } from 'lit'

export const styles = css`
  .card {
    display: grid;
    gap: 0.8rem;
    background: var(--moot-sunk);
  }
  textarea {
    font: inherit;
  }
`
