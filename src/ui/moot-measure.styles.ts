import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .pair {
    display: grid;
    gap: var(--moot-gap) clamp(1.5rem, 4vw, 4rem);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
  }
  .pair section {
    display: grid;
    gap: 0.5rem;
    align-content: start;
    padding-block-start: 0.9rem;
    border-block-start: 2px solid var(--moot-ink);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.5rem 1rem 0.5rem 0;
    border-block-end: 1px solid var(--moot-line);
    text-align: start;
    vertical-align: top;
  }
  td {
    font: 500 1.3em / 1.2 var(--moot-serif);
  }
  th .small,
  td .small {
    display: block;
    font: 400 var(--moot-small) / 1.35 var(--moot-sans);
  }
  .series {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font-variant-numeric: tabular-nums;
  }
  .series li {
    padding: 0.15rem 0.6rem;
    border-radius: 6px;
    background: var(--moot-sunk);
  }
`
