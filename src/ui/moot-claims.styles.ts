import { css } from 'lit'

export const styles = css`
  .group {
    display: inline-grid;
    place-items: center;
    inline-size: 1.7em;
    block-size: 1.7em;
    border: 1.5px solid currentColor;
    border-radius: 50%;
    font-weight: 600;
  }
  .stands,
  .fell {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    color: var(--moot-agreed);
    font-weight: 600;
  }
  .fell {
    color: var(--moot-contested);
  }
  .group.other {
    border-radius: 3px;
    border-style: dashed;
  }
`
