import { css } from 'lit'

export const styles = css`
  :host,
  form {
    display: grid;
    gap: 0.8rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  form {
    gap: 0.5rem;
  }
  textarea {
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
  h2:focus {
    outline: none;
  }
  ul {
    display: grid;
    gap: 0.9rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: 1.4rem minmax(0, 1fr);
    gap: 0 0.6rem;
  }
  li > svg {
    margin-block-start: 0.15em;
    color: var(--moot-agreed);
  }
  li.flags > svg {
    color: var(--moot-contested);
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 0.5rem;
  }
`
