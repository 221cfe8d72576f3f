import { css } from 'lit'

export const styles = css`
  h1 {
    margin-block-end: var(--moot-gap);
  }
  .columns {
    display: grid;
    gap: var(--moot-gap) clamp(1.5rem, 4vw, 4rem);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  @media (min-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 30rem) minmax(0, 1fr);
      grid-template-rows: auto auto 1fr;
    }
    .input {
      grid-row: 1 / -1;
    }
    .go {
      order: 1;
    }
    .after {
      order: 2;
    }
  }
  .input {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .segments {
    justify-self: start;
    max-inline-size: 100%;
  }
  .segments label span {
    display: inline-flex;
    align-items: center;
    gap: 0.45rem;
  }
  .settings {
    display: grid;
    gap: 1.4rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .go > .note {
    flex-basis: 100%;
  }
  .go {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1.25rem;
    align-items: center;
  }
  .go .primary {
    min-inline-size: 11rem;
    min-block-size: 3.4rem;
    font-size: var(--moot-large);
  }
  .after {
    display: grid;
    gap: 1rem;
    padding-block-start: 1.4rem;
    border-block-start: 1px solid var(--moot-line);
  }
`
