import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .lead {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
    padding-block-end: 0.6rem;
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  .kicker + h1 {
    margin-block-start: calc(var(--moot-gap) * -0.6);
  }
  .kicker {
    color: var(--moot-ink-soft);
    font-weight: 600;
    font-size: var(--moot-small);
  }
  h1 {
    max-inline-size: 24em;
    line-height: 1.12;
    overflow-wrap: anywhere;
  }
  .chance {
    font: 400 var(--moot-large) / 1.35 var(--moot-serif);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.8rem 1.6rem;
    margin-block-start: 0.6rem;
  }
  .choices fieldset {
    max-inline-size: 100%;
  }
  .segments label {
    text-align: center;
  }
  .choices button {
    align-self: end;
    min-inline-size: 9rem;
    margin-block-end: 3px;
  }
  .pair {
    display: grid;
    gap: var(--moot-gap);
    align-items: start;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  }
  .promises {
    display: grid;
    gap: 1.1rem;
  }
  .promises dl {
    display: grid;
    margin: 0;
    gap: 0.9rem clamp(1.5rem, 4vw, 4rem);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
  }
  .promises dl div {
    padding-block-start: 0.6rem;
    border-block-start: 1px solid var(--moot-line);
  }
  dt {
    font: 500 var(--moot-large) / 1.3 var(--moot-serif);
  }
  dd {
    margin: 0;
  }
  @media (max-width: 36rem) {
    .choices,
    .choices fieldset,
    .segments {
      inline-size: 100%;
    }
    .segments label {
      flex: 1 1 auto;
      min-inline-size: 0;
      padding-inline: 0.35rem;
    }
  }
`
