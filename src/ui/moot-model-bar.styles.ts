import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.7rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .row {
    gap: 0.5rem;
    justify-content: var(--moot-bar, start);
  }
  .transfer {
    display: grid;
    gap: 0.3rem;
    max-inline-size: 34rem;
    font-variant-numeric: tabular-nums;
  }
  progress {
    min-inline-size: 0;
  }
`
