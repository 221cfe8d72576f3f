import { css } from 'lit'

export const styles = css`
  .card,
  form {
    display: grid;
    gap: 1.1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  header {
    display: grid;
    gap: 0.2rem;
  }
  h2:focus {
    outline: none;
  }
  .choices {
    display: grid;
    gap: 0.3rem;
    max-block-size: 26rem;
    overflow-y: auto;
  }
  .choices label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 0.8rem;
    align-items: center;
    min-block-size: 2.5rem;
    padding: 0.3rem 0.6rem;
    border-radius: 8px;
    font: 400 var(--moot-text) / 1.3 var(--moot-sans);
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .choices label:has(:checked) {
    background: var(--moot-sunk);
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(5rem, auto) minmax(0, 1fr);
    gap: 0.45rem 1.2rem;
    margin: 0;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    cursor: pointer;
  }
`
