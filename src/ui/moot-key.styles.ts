import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 1rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .key {
    overflow-wrap: anywhere;
  }
  .question {
    display: grid;
    gap: 0.8rem;
    padding: 1rem;
    border: 1px solid var(--moot-line-strong);
    border-radius: 10px;
  }
  .question h3 {
    font: 600 var(--moot-text) / 1.3 var(--moot-sans);
  }
  .question h3:focus {
    outline: none;
  }
  .question ul {
    display: grid;
    gap: 0.4rem;
    margin: 0;
    padding-inline-start: 1.2rem;
  }
`
