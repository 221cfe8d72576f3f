import { css } from 'lit'

export const styles = css`
  :host,
  fieldset {
    display: grid;
    gap: 0.6rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .segments {
    justify-self: start;
    max-inline-size: 100%;
  }
  .wanted {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 1rem;
    margin-block-start: 0.4rem;
  }
`
