import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: 1.1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .segments {
    flex-wrap: wrap;
    max-inline-size: 100%;
    border-radius: 24px;
  }
  .presets {
    display: grid;
    gap: 0.2rem 1rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
  }
  .presets label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.7rem;
    align-content: start;
    padding: 0.5rem 0.6rem;
    border-radius: 8px;
    cursor: pointer;
  }
  .presets label:has(:checked) {
    background: var(--moot-sunk);
  }
  .presets .soft {
    display: block;
    font-weight: 400;
  }
  .numbers {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
  }
  .numbers label {
    display: grid;
    gap: 0.25rem;
    inline-size: 7.5rem;
    font-weight: 400;
  }
  .side {
    display: grid;
    gap: 0.4rem;
    max-inline-size: 20rem;
  }
`
