import { css } from 'lit'

export const styles = css`
  div {
    display: grid;
    gap: 0.9rem;
    justify-items: start;
  }
  h1 {
    display: grid;
    gap: 0.6rem;
    color: var(--tone);
  }
  h1 svg {
    padding: 0.28em;
    border-radius: 14px;
    background: var(--tone-soft);
  }
  h1 small {
    display: block;
    margin-block-start: 0.35em;
    color: var(--moot-ink);
    font: 400 var(--moot-large) / 1.3 var(--moot-serif);
    letter-spacing: 0;
  }
  .decision {
    font: 400 var(--moot-large) / 1.4 var(--moot-serif);
  }
`
