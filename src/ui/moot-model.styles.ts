import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  header,
  .actions {
    display: grid;
    gap: 0.5rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .actions {
    gap: 0.9rem;
  }
  h1 {
    overflow-wrap: anywhere;
  }
  .version {
    font: 400 var(--moot-large) / 1 var(--moot-sans);
    color: var(--moot-ink-soft);
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 0.6rem;
  }
  .wait {
    max-inline-size: 34rem;
  }
  .pair {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  @media (min-width: 60rem) {
    .pair {
      grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr);
    }
  }
  .versions {
    display: grid;
    gap: 0.7rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .notes {
    white-space: pre-line;
  }
  .versions ul {
    display: grid;
    gap: 0.3rem;
    margin: 0;
    padding-inline-start: 1.1rem;
  }
  .versions a {
    display: inline-block;
    min-block-size: 1.5rem;
  }
  .note .stack {
    gap: 0.6rem;
  }
`
