import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    align-content: start;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    max-inline-size: 66rem;
    min-block-size: 60svh;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.8rem 2rem;
  }
  header p {
    margin-block-start: 0.35rem;
  }
  .add {
    border-color: transparent;
    background: var(--moot-gorse);
    color: var(--moot-on-gorse);
  }
  .add:hover {
    background: var(--moot-gorse-deep);
  }
  .importing {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.3rem 1.5rem;
    padding: 0.75rem 1rem;
    border-inline-start: 4px solid var(--moot-agreed);
    border-radius: 6px;
    background: var(--moot-agreed-soft);
  }
  .importing a {
    min-block-size: 1.5rem;
  }
  .search {
    display: grid;
    gap: 0.45rem;
    max-inline-size: 30rem;
  }
  ol {
    margin: 0;
    list-style: none;
  }
  ol:not(.card) {
    padding: 0;
  }
  .card {
    padding-block: 0.3rem;
  }
  .card > li {
    padding-block: 1.15rem;
  }
  .card > li + li {
    border-block-start: 1px solid var(--moot-line);
  }
  article {
    display: grid;
    gap: 0.8rem 2rem;
    grid-template-columns: minmax(0, 1fr);
  }
  @media (min-width: 60rem) {
    article {
      grid-template-columns: minmax(0, 1fr) minmax(11rem, 19rem);
    }
    article > moot-model-bar {
      justify-self: end;
      inline-size: 100%;
      align-content: start;
      --moot-bar: end;
    }
  }
  .what {
    display: grid;
    align-content: start;
    gap: 0.3rem;
    grid-template-columns: minmax(0, 1fr);
  }
  h2 a {
    display: inline-block;
    min-block-size: 1.5rem;
    color: inherit;
    text-decoration-color: var(--moot-line-strong);
    overflow-wrap: anywhere;
  }
  .version {
    font: 400 var(--moot-text) / 1 var(--moot-sans);
    color: var(--moot-ink-soft);
  }
  .who,
  .state,
  .state span,
  .flagged {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.5rem;
  }
  .state {
    gap: 0.25rem 1.1rem;
  }
  .state span {
    flex-wrap: nowrap;
    gap: 0.35rem;
  }
  .here svg {
    color: var(--moot-agreed);
  }
  .flagged {
    flex-wrap: nowrap;
    align-items: start;
    color: var(--moot-contested);
  }
  .flagged svg {
    margin-block-start: 0.15em;
  }
  details {
    margin-block-start: 0.7rem;
  }
  summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    font-size: var(--moot-small);
    cursor: pointer;
  }
  details li {
    padding-block: 0.8rem;
    padding-inline-start: 1.2rem;
    border-inline-start: 3px solid var(--moot-line);
  }
  .empty {
    font-size: var(--moot-large);
  }
  .hint {
    padding: 1rem;
    border: 2px dashed var(--moot-line);
    border-radius: var(--moot-radius);
    color: var(--moot-ink-soft);
    text-align: center;
    font-size: var(--moot-small);
  }
  @media (pointer: coarse) {
    .hint {
      display: none;
    }
  }
  .hint.over {
    border-color: var(--moot-agreed);
    background: var(--moot-agreed-soft);
    color: var(--moot-ink);
  }
`
