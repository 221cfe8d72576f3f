import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    max-inline-size: 60rem;
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  .drop {
    display: grid;
    place-items: center;
    gap: 0.6rem;
    padding: clamp(1.5rem, 5vw, 3.5rem) 1rem;
    border: 2px dashed var(--moot-line-strong);
    border-radius: var(--moot-radius);
    background: var(--moot-surface);
    text-align: center;
    cursor: pointer;
  }
  .drop .soft {
    max-inline-size: 34rem;
    font-weight: 400;
  }
  .drop:hover {
    background: var(--moot-sunk);
  }
  .drop:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  form {
    display: grid;
    gap: 0.45rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .line {
    display: flex;
    gap: 0.6rem;
  }
  .line input {
    min-inline-size: 0;
  }
  h2 {
    margin-block-end: 0.8rem;
  }
  ul {
    display: grid;
    gap: 1rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.5rem 1.5rem;
  }
`
