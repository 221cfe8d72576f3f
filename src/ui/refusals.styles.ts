import { css } from 'lit'

/** Cards of a dispute, and a list of who did what, each with their stone. */
export const refusals = css`
  .card {
    display: grid;
    gap: 1rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .list {
    display: grid;
    gap: 0.8rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .list li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 0.7rem;
  }
  .list li > :not(svg) {
    grid-column: 2;
  }
`
