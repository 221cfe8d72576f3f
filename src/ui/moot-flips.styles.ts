import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.5rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  ul {
    display: grid;
    margin: 0.4rem 0 0;
    padding: 0;
    list-style: none;
    grid-template-columns: minmax(0, 1fr);
  }
  li {
    display: grid;
    gap: 0.45rem;
    padding-block: 0.9rem;
    border-block-start: 1px solid var(--moot-line);
    grid-template-columns: minmax(0, 1fr);
  }
  .stones {
    display: flex;
    flex-wrap: wrap;
    gap: 5px 7px;
    padding-inline-start: 2px;
  }
  .stones i {
    inline-size: 9px;
    block-size: 20px;
    border: 1.75px solid var(--moot-line-strong);
    border-radius: 4px 5px 2px 2px;
    background: var(--moot-sunk);
  }
  .stones i.leans {
    border-color: var(--moot-ink);
    background: var(--moot-gorse);
    rotate: 16deg;
    margin-inline: 2px;
  }
  summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    font-size: var(--moot-small);
    cursor: pointer;
  }
`
