import { css } from 'lit'

export const styles = css`
  .path {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    vertical-align: middle;
  }
  .path i {
    inline-size: 1.6rem;
    border-block-start: 2px solid currentColor;
  }
  .relay i {
    border-block-start-style: dotted;
  }
  .none i {
    border-color: transparent;
  }
  tr.blocked th,
  tr.blocked td:not(.action) {
    text-decoration: line-through;
    color: var(--moot-ink-soft);
  }
  .action {
    text-align: end;
    padding-inline-end: 0;
  }
`
