import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  .hero {
    display: grid;
    gap: var(--moot-gap) clamp(1.5rem, 5vw, 5rem);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  moot-assembly {
    inline-size: min(100%, 14rem);
    margin-inline: auto;
  }
  .pair {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .pair > * {
    block-size: 100%;
  }
  .pair > :last-child:nth-child(odd) {
    grid-column: 1 / -1;
  }
  .asked {
    display: grid;
    grid-template-columns: clamp(3.5rem, 16vw, 5.5rem) minmax(0, 1fr);
    gap: 0.9rem 1.25rem;
    align-items: start;
    margin-block-end: 1.2rem;
  }
  .asked.words {
    grid-template-columns: minmax(0, 1fr);
  }
  blockquote {
    margin: 0;
    padding-inline-start: 1rem;
    border-inline-start: 3px solid var(--moot-line-strong);
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.25rem 1rem;
    margin: 0;
    font-size: var(--moot-small);
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  h2 small {
    font: 600 var(--moot-small) / 1.3 var(--moot-sans);
    margin-inline-start: 0.5rem;
    color: var(--moot-contested);
  }
  h2 {
    margin-block-end: 0.8rem;
  }
  @media (min-width: 52rem) {
    .hero {
      grid-template-columns: minmax(14rem, 22rem) minmax(0, 1fr);
    }
    moot-assembly {
      inline-size: 100%;
    }
    .pair {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`
