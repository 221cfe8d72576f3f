import { css } from 'lit'

export const styles = css`
  .level {
    gap: 0.9rem;
  }
  .seats {
    display: grid;
    gap: 1.1rem clamp(1rem, 3vw, 2.5rem);
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .seats li {
    display: grid;
    grid-template-columns: 2.8rem minmax(0, 1fr);
    gap: 0.7rem;
    align-items: start;
  }
  .seats svg path {
    stroke: currentColor;
  }
  .seats li > svg {
    overflow: visible;
    color: var(--moot-ink-soft);
  }
  .seats li > svg path {
    fill: none;
    stroke-width: 1.6;
  }
  .seats .summoned > svg path,
  .seats .declined > svg path,
  .seats .absent > svg path {
    stroke-dasharray: 2.4 2.6;
  }
  .seats .declined,
  .seats .absent {
    color: var(--moot-ink-soft);
  }
  .seats .committed > svg path,
  .seats .revealed > svg path {
    fill: currentColor;
  }
  .seats .uphold > svg {
    color: var(--moot-contested);
  }
  .seats .dismiss > svg {
    color: var(--moot-rounding);
  }
  .seats .uphold > svg path,
  .seats .dismiss > svg path {
    fill: currentColor;
  }
  .seats div {
    display: grid;
    gap: 0.1rem;
    min-inline-size: 0;
  }
  .vote {
    display: flex;
    gap: 0.4rem;
    align-items: baseline;
    font-size: var(--moot-small);
  }
  .vote svg {
    align-self: center;
  }
  .uphold .vote {
    color: var(--moot-contested);
    font-weight: 600;
  }
  .dismiss .vote {
    color: var(--moot-rounding);
    font-weight: 600;
  }
  .seats blockquote,
  .list blockquote {
    margin-block-start: 0.3rem;
    padding-inline-start: 0.7rem;
    font-size: var(--moot-small);
  }
  .ruling {
    display: grid;
    gap: 0.6rem;
    padding-block-end: 1rem;
    border-block-end: 1px solid var(--moot-line);
  }
  .ruling strong {
    font: 500 var(--moot-large) / 1.25 var(--moot-serif);
  }
  .count {
    display: flex;
    gap: 4px;
    max-inline-size: 28rem;
  }
  .count i {
    flex: 1;
    block-size: 0.7rem;
    border-radius: 3px;
    background: var(--moot-contested);
  }
  .count .dismiss {
    background: var(--moot-rounding);
    border-radius: 99px;
  }
  form {
    display: grid;
    gap: 0.6rem;
  }
  textarea {
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
`
