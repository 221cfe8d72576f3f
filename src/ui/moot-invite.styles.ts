import { css } from 'lit'

export const styles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 1rem 1.25rem;
  }
  svg {
    inline-size: 8.5rem;
    block-size: 8.5rem;
    border-radius: 10px;
    background: white;
  }
  div {
    display: grid;
    flex: 1 1 12rem;
    gap: 0.6rem;
    justify-items: start;
  }
  a {
    overflow-wrap: anywhere;
    font-size: var(--moot-small);
  }
`
