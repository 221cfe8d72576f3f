import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 1rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .pair {
    display: grid;
    gap: var(--moot-gap) clamp(1.5rem, 4vw, 4rem);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
    align-items: start;
  }
  section {
    display: grid;
    gap: 0.7rem;
    grid-template-columns: minmax(0, 1fr);
  }
  h3 small {
    color: var(--moot-ink-soft);
    font-weight: 400;
  }
  .asked {
    inline-size: min(100%, 8rem);
  }
`
