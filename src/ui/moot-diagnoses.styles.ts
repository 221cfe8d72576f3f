import { css } from 'lit'

export const styles = css`
  :host,
  .card,
  article,
  form {
    display: grid;
    gap: 1rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  article + article,
  article ~ form {
    padding-block-start: 1.2rem;
    border-block-start: 1px solid var(--moot-line);
  }
  .finding {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.7rem;
    font: 400 var(--moot-large) / 1.4 var(--moot-serif);
  }
  .finding svg {
    margin-block-start: 0.2em;
    color: var(--moot-agreed);
  }
  .faulty .finding svg {
    color: var(--moot-contested);
  }
  form {
    gap: 0.5rem;
  }
  .select {
    flex: 1;
    display: grid;
    align-items: center;
    min-inline-size: min(100%, 12rem);
  }
  .select > * {
    grid-area: 1 / 1;
  }
  .select svg {
    justify-self: end;
    margin-inline-end: 0.9rem;
    pointer-events: none;
  }
  select {
    appearance: none;
    padding-inline-end: 2.6rem;
    text-overflow: ellipsis;
  }
  form .row {
    flex-wrap: nowrap;
  }
  form button {
    flex: none;
  }
  @media (max-width: 32rem) {
    form .row {
      flex-wrap: wrap;
    }
  }
`
