import { css } from 'lit'

export const styles = css`
  .part {
    padding-block-end: 1.2rem;
    border-block-end: 1px solid var(--moot-line);
  }
  .part > legend {
    font: 500 var(--moot-large) / 1.2 var(--moot-serif);
    margin-block-end: 0.7rem;
  }
  .fields {
    gap: 1rem clamp(1.2rem, 3vw, 2.5rem);
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
  }
  .field {
    display: grid;
    gap: 0.3rem;
    align-content: start;
    min-inline-size: 0;
  }
  .changed input,
  .changed select {
    border-color: var(--moot-agreed);
    box-shadow: inset 0 0 0 1px var(--moot-agreed);
  }
  .changed label::after {
    content: ' · changed';
    color: var(--moot-agreed);
  }
  .segments {
    max-inline-size: 100%;
  }
  .invited {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem 1.4rem;
    margin-block-start: 0.5rem;
  }
  .invited label {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: 2.25rem;
    font-weight: 400;
  }
  h2:focus {
    outline: none;
  }
`
