import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    max-inline-size: 52rem;
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
    font-weight: 400;
  }
  .drop.taken {
    padding-block: 1rem;
  }
  .drop:hover {
    background: var(--moot-sunk);
  }
  .drop:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
`
