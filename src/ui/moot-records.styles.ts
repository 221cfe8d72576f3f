import { css } from 'lit'

export const styles = css`
  :host {
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
  ul {
    display: grid;
    gap: 0.4rem;
    margin: 0;
    padding-inline-start: 1.2rem;
  }
  .file:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  .file {
    position: relative;
  }
`
