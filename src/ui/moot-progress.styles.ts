import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  ul {
    display: grid;
    gap: 0.8rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 0.15rem 0.7rem;
    align-items: center;
  }
  progress {
    grid-column: 2 / -1;
  }
`
