import { css } from 'lit'

export const styles = css`
  .field {
    display: grid;
    gap: 0.45rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .select {
    display: grid;
    align-items: center;
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
  .about {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.3rem 1rem;
  }
  .button:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  .button {
    border-color: transparent;
    background: none;
    color: var(--moot-link);
    font-size: var(--moot-small);
    padding-inline: 0.4rem;
    min-block-size: 2.25rem;
  }
`
