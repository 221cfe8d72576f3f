import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  ul {
    display: grid;
    gap: 0.9rem clamp(1.5rem, 4vw, 3.5rem);
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .keys li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 0.2rem 0.8rem;
    align-items: start;
  }
  .keys div {
    display: grid;
    gap: 0.1rem;
    min-inline-size: 0;
  }
  .weight {
    display: grid;
    gap: 0.2rem;
    margin-block-start: 0.2rem;
  }
  .bar {
    block-size: 0.5rem;
    border-radius: 99px;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .bar i {
    display: block;
    block-size: 100%;
    border-radius: inherit;
    background: var(--moot-rounding);
  }
  .trees {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem 1.6rem;
  }
  .trees li {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
  }
`
