import { css } from 'lit'

/** What every element shares: type, links, focus, and text for screen readers alone. */
export const base = css`
  :host {
    display: block;
    color: var(--moot-ink);
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    margin: 0;
    font-family: var(--moot-serif);
    font-weight: 500;
    line-height: 1.15;
    text-wrap: balance;
  }
  h1 {
    font-size: var(--moot-title);
    letter-spacing: -0.015em;
  }
  h1:focus {
    outline: none;
  }
  h2 {
    font-size: var(--moot-large);
    letter-spacing: -0.008em;
  }
  h3 {
    font: 600 var(--moot-small) / 1.3 var(--moot-sans);
  }
  p {
    margin: 0;
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }
  a {
    color: var(--moot-link);
    text-underline-offset: 0.2em;
    text-decoration-thickness: 1px;
  }
  a:hover {
    text-decoration-thickness: 2px;
  }
  :focus-visible {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
    border-radius: 6px;
  }
  svg {
    flex: none;
  }
  svg text {
    direction: ltr;
  }
  .turns:dir(rtl) {
    scale: -1 1;
  }
  code,
  .mono {
    font-family: var(--moot-mono);
    font-size: 0.9em;
  }
  .soft {
    color: var(--moot-ink-soft);
  }
  .small {
    font-size: var(--moot-small);
  }
  .stack {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`
