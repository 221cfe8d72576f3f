import { css } from 'lit'

export const styles = css`
  @media (max-width: 40rem) {
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .facts dd {
      margin-block-end: 0.6rem;
    }
  }
  .people {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1.2rem;
    margin: 0.3rem 0 0;
    padding: 0;
    list-style: none;
  }
  .people li {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
  }
  .charters {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .charters li + li {
    border-block-start: 1px solid var(--moot-line);
  }
  .charters a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.1rem 1rem;
    align-items: center;
    margin-inline: -0.6rem;
    padding: 0.7rem 0.6rem;
    border-radius: 10px;
    color: inherit;
    text-decoration: none;
  }
  .charters a:hover {
    background: var(--moot-sunk);
  }
  .charters strong {
    overflow-wrap: anywhere;
  }
  .charters .soft {
    grid-row: 2;
  }
  .charters span:last-child {
    grid-area: 1 / 2 / 3 / 3;
    color: var(--moot-link);
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
`
