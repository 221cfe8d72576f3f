import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .grid {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, max(25rem, 40%)), 1fr));
  }
  .wide,
  .card:last-child:nth-child(odd),
  .wide + .card {
    grid-column: 1 / -1;
  }
  .card {
    display: grid;
    gap: 1rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .figure {
    font: 500 var(--moot-title) / 1 var(--moot-serif);
  }
  .figure span {
    font: 400 var(--moot-text) / 1 var(--moot-sans);
    color: var(--moot-ink-soft);
  }
  .gauge {
    position: relative;
    block-size: 0.8rem;
    border-radius: 99px;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .gauge i {
    display: block;
    block-size: 100%;
    inline-size: calc(var(--used) * 100%);
    border-radius: inherit;
    background: var(--moot-agreed);
  }
  .gauge b {
    position: absolute;
    inset-block: -0.3rem;
    inset-inline-start: calc(var(--duty) * 100%);
    inline-size: 2px;
    background: var(--moot-ink);
  }
`
