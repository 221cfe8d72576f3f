import { css } from 'lit'

export const styles = css`
  :host {
    min-block-size: 100dvh;
    background: var(--moot-ground);
  }
  main {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    max-inline-size: 52rem;
    margin-inline: auto;
    padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 3rem);
  }
  main > a {
    justify-self: start;
    min-block-size: 2rem;
  }
`
