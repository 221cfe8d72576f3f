import { css } from 'lit'

export const styles = css`
  :host,
  .field {
    display: grid;
    gap: 1.1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .field {
    gap: 0.4rem;
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.3rem 1rem;
  }
  .about > span {
    flex: 1 1 14rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .button {
    min-block-size: 2.25rem;
    font-size: var(--moot-small);
  }
  .button:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  .segments {
    flex-wrap: wrap;
    max-inline-size: 100%;
    border-radius: 24px;
  }
  fieldset p {
    margin-block-start: 0.4rem;
  }
`
