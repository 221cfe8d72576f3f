import { css } from 'lit'

export const styles = css`
  form,
  .field,
  .group {
    display: grid;
    gap: 1.2rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .field {
    gap: 0.4rem;
    align-content: start;
  }
  .narrow {
    max-inline-size: 10rem;
  }
  .pair {
    display: grid;
    gap: 1rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
  }
  textarea {
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
  .group {
    gap: 1rem;
    padding-block-start: 1.2rem;
    border-block-start: 1px solid var(--moot-line);
  }
  .group h3 {
    font: 500 var(--moot-large) / 1.15 var(--moot-serif);
  }
`
