import { css } from 'lit'

export const styles = css`
  .parts {
    gap: 0;
  }
  .parts > * + * {
    margin-block-start: 0.9rem;
  }
  .parts > .leaf {
    margin-block-start: 1.6rem;
    padding-block-start: 1.4rem;
    border-block-start: 2px solid var(--moot-ink);
  }
  .pair {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  }
  .holds,
  .fails,
  .absent {
    display: inline-flex;
    align-items: baseline;
    gap: 0.4rem;
    color: var(--moot-agreed);
    font-weight: 600;
  }
  .fails {
    color: var(--moot-contested);
  }
  .absent {
    color: var(--moot-ink-soft);
    font-weight: 400;
  }
  .who {
    flex-wrap: nowrap;
    white-space: nowrap;
  }
  .holds svg,
  .fails svg,
  .absent svg {
    align-self: center;
  }
  .group {
    display: inline-grid;
    place-items: center;
    inline-size: 1.7em;
    block-size: 1.7em;
    border: 1.5px solid currentColor;
    border-radius: 50%;
    font-weight: 600;
  }
  .group.other {
    border-radius: 3px;
    border-style: dashed;
  }
`
