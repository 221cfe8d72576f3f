import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.6rem;
    justify-items: start;
    grid-template-columns: minmax(0, 1fr);
  }
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    inline-size: 100%;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li:has(.entry) {
    flex-basis: 100%;
    min-inline-size: 0;
  }
  button[aria-expanded='true'] {
    border-color: var(--moot-ink);
    background: var(--moot-sunk);
  }
  .entry {
    display: grid;
    gap: 0.5rem;
    grid-template-columns: minmax(0, 1fr);
    margin-block: 0.5rem;
    padding: 0.8rem 1rem;
    border-inline-start: 3px solid var(--moot-line-strong);
    background: var(--moot-sunk);
  }
  .who {
    white-space: nowrap;
  }
  .who svg {
    vertical-align: -0.2em;
  }
  pre {
    overflow: auto;
    max-block-size: 20rem;
    margin: 0;
    font: 400 var(--moot-small) / 1.5 var(--moot-mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`
