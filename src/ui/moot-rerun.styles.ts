import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  ul {
    display: grid;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    gap: 0.6rem;
    align-items: start;
  }
  li svg {
    margin-block-start: 0.2em;
    color: var(--moot-agreed);
  }
  li.falls svg {
    color: var(--moot-contested);
  }
  li.absent svg {
    color: var(--moot-ink-soft);
  }
  .card {
    display: grid;
    gap: 0.7rem;
    background: var(--moot-sunk);
  }
`
