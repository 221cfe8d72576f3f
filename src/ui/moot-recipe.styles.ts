import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.35rem 1.2rem;
    margin: 0;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dd svg {
    vertical-align: -0.25em;
  }
  .outcome {
    min-block-size: 1.5em;
  }
  .outcome p[role] {
    display: flex;
    gap: 0.6rem;
    align-items: start;
    font-weight: 600;
  }
  .outcome p svg {
    margin-block-start: 0.2em;
  }
  section {
    padding-block-start: 0.9rem;
    border-block-start: 1px solid var(--moot-line);
  }
  section ul {
    margin: 0.3rem 0 0;
    padding-inline-start: 1.2rem;
    overflow-wrap: anywhere;
  }
  @media (max-width: 36rem) {
    dl {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dd {
      margin-block-end: 0.6rem;
    }
  }
`
