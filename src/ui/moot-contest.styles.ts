import { css } from 'lit'

export const styles = css`
  .card,
  fieldset {
    display: grid;
    gap: 0.8rem;
    grid-template-columns: minmax(0, 1fr);
  }
  fieldset {
    gap: 0.4rem;
  }
  .choice {
    min-block-size: 2.75rem;
    background: var(--moot-surface);
  }
  .card {
    background: var(--moot-sunk);
  }
  textarea {
    font: inherit;
  }
`
