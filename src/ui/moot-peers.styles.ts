import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .top {
    display: grid;
    gap: var(--moot-gap) clamp(1.5rem, 5vw, 5rem);
    grid-template-columns: minmax(0, 1fr);
    align-items: center;
  }
  moot-peer-ring {
    inline-size: min(100%, 26rem);
    margin-inline: auto;
  }
  h2 {
    margin-block-end: 0.8rem;
  }
  ol {
    display: grid;
    gap: 0.6rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    gap: 0.7rem;
    align-items: start;
  }
  li > svg {
    color: var(--tone);
    margin-block-start: 0.1em;
  }
  li div {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 1rem;
  }
  moot-contest {
    flex-basis: 100%;
    max-inline-size: 44rem;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.3rem 1rem;
    margin: 0;
  }
  dt {
    color: var(--moot-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dd a {
    display: inline-block;
    min-block-size: 1.6rem;
  }
  @media (min-width: 52rem) {
    .top {
      grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
    }
  }
`
