import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    align-content: start;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    max-inline-size: 60rem;
  }
  header {
    display: grid;
    gap: 0.5rem;
  }
  .empty {
    font: 400 var(--moot-large) / 1.4 var(--moot-serif);
  }
  ol.card {
    gap: 0;
    margin: 0;
    padding-block: 0.4rem;
    list-style: none;
  }
  ol > li + li {
    border-block-start: 1px solid var(--moot-line);
  }
  li > a {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.15rem 1rem;
    margin-inline: -0.6rem;
    padding: 1rem 0.6rem;
    border-radius: 10px;
    color: inherit;
    text-decoration: none;
  }
  .duty {
    gap: 0.9rem;
    justify-items: start;
    border: 2px solid var(--moot-gorse);
  }
  li > a:hover {
    background: var(--moot-sunk);
  }
  .mark {
    display: grid;
    place-items: center;
    align-self: start;
    inline-size: 2.9rem;
    block-size: 2.9rem;
    border-radius: 10px;
    background: var(--tone-soft);
    color: var(--tone);
  }
  .what {
    display: grid;
    gap: 0.15rem;
    min-inline-size: 0;
  }
  .state {
    color: var(--tone);
    font-weight: 600;
    text-wrap: balance;
  }
`
