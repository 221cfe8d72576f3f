import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 1.4rem;
    grid-template-columns: minmax(0, 1fr);
  }
  header {
    display: grid;
    gap: 0.35rem;
  }
  h2 {
    font-size: calc(var(--moot-title) * 0.72);
  }
  h2:focus {
    outline: none;
  }
  h3 {
    margin-block-end: 0.5rem;
  }
  .sides {
    display: grid;
    gap: 1rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
  }
  .side {
    display: grid;
    align-content: start;
    gap: 0.6rem;
    padding: 1rem;
    border: 1px solid var(--moot-line);
    border-radius: 10px;
    background: var(--moot-ground);
  }
  .side.fell {
    border: 2px dashed var(--moot-contested);
    padding: calc(1rem - 1px);
  }
  .side.rerun {
    border: 2px solid var(--moot-agreed);
    padding: calc(1rem - 1px);
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.15rem 0.5rem;
    font-weight: 600;
  }
  .outcome {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    color: var(--moot-agreed);
    font-weight: 600;
  }
  .fell .outcome {
    color: var(--moot-contested);
  }
  .values {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(6.6rem, 1fr));
    gap: 0.1rem 0.8rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font: 400 0.85rem/1.6 var(--moot-mono);
    direction: ltr;
  }
  .values mark {
    background: none;
    color: inherit;
    font-weight: 700;
    text-decoration: underline 2px var(--moot-contested);
    text-underline-offset: 0.25em;
  }
  .difference {
    display: grid;
    gap: 0.9rem;
    max-inline-size: 44rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .difference h3 {
    margin: 0;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.15rem 0.9rem;
    margin: 0;
    font-size: var(--moot-small);
    font-variant-numeric: tabular-nums;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
`
