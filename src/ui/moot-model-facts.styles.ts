import { css } from 'lit'

export const styles = css`
  h2 {
    margin-block-end: 0.8rem;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(6rem, auto) minmax(0, 1fr);
    gap: 0.55rem 1.2rem;
    margin: 0 0 1.6rem;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  ul {
    display: grid;
    gap: 0.15rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  th,
  td {
    overflow-wrap: anywhere;
  }
  @media (min-width: 46rem) {
    th[scope='row'] {
      inline-size: 34%;
    }
    td:not(:last-child) {
      white-space: nowrap;
    }
  }
  dd a {
    display: inline-block;
    min-block-size: 1.5rem;
  }
`
