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
  .about a {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-block-size: 2.25rem;
    font-size: var(--moot-small);
    font-weight: 550;
    text-decoration: none;
  }
  .about a:hover {
    text-decoration: underline;
  }
`
