import { css } from 'lit'

/** A list of checks, each with its outcome by shape and in words. */
export const checks = css`
  .checks {
    display: grid;
    gap: 0.8rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .checks li {
    display: grid;
    grid-template-columns: 1.4rem minmax(0, 1fr);
    gap: 0 0.8rem;
  }
  .checks svg {
    margin-block-start: 0.2em;
    color: var(--moot-agreed);
  }
  .checks .fails svg {
    color: var(--moot-contested);
  }
  .checks .absent svg {
    color: var(--moot-ink-soft);
  }
  .checks span {
    grid-column: 2;
    overflow-wrap: anywhere;
  }
  .state {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    color: var(--tone);
  }
`
