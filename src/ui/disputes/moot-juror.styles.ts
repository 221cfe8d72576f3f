import { css } from 'lit'

export const styles = css`
  .card,
  form,
  fieldset {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .card {
    border: 2px solid var(--moot-gorse);
  }
  fieldset {
    gap: 0.5rem;
  }
  textarea {
    margin-block-start: 0.4rem;
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
`
