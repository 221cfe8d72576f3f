import { css } from 'lit'

export const styles = css`
  :host {
    overflow: clip;
    min-block-size: 100dvh;
    background: var(--moot-ground);
  }
  main {
    display: grid;
    gap: clamp(1.5rem, 4vw, 5rem);
    max-inline-size: 76rem;
    margin-inline: auto;
    padding: clamp(1.25rem, 4vw, 4.5rem) clamp(1rem, 4vw, 3rem);
    align-items: center;
  }
  @media (min-width: 60rem) {
    main {
      grid-template-columns: minmax(0, 1.05fr) minmax(0, 1fr);
      min-block-size: 100dvh;
    }
  }
  section:first-child {
    position: relative;
    isolation: isolate;
  }
  section > .mark {
    position: absolute;
    z-index: -1;
    inset-block-start: 50%;
    inset-inline-start: 50%;
    inline-size: min(46rem, 60vw);
    block-size: min(46rem, 60vw);
    translate: -58% -50%;
    color: var(--moot-relief);
  }
  section > .mark:dir(rtl) {
    translate: 58% -50%;
  }
  @media (max-width: 60rem) {
    section > .mark {
      display: none;
    }
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 0.55rem;
    margin-block-end: clamp(1rem, 3vw, 2.75rem);
    font: 500 1.5rem/1 var(--moot-serif);
    letter-spacing: -0.01em;
  }
  h1 {
    font-size: clamp(2.4rem, 1.6rem + 3.8vw, 5rem);
    line-height: 1.02;
    margin-block-end: 1.2rem;
  }
  .lead {
    max-inline-size: 34rem;
    font-size: var(--moot-large);
    line-height: 1.4;
    color: var(--moot-ink-soft);
  }
  .where {
    margin-block-start: clamp(1rem, 2.5vw, 2rem);
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--moot-line);
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.3rem 1rem;
  }
  .where dt {
    color: var(--moot-ink-soft);
  }
  .where dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .where .label {
    margin-block-start: 0.35rem;
    padding-inline-start: 0.7rem;
    border-inline-start: 3px solid var(--moot-contested);
    color: var(--moot-ink-soft);
  }
  .where .name {
    font-weight: 600;
  }
  .card {
    display: grid;
    gap: 1.25rem;
    padding: clamp(1.1rem, 0.8rem + 1.4vw, 2.25rem);
  }
  .consent h2 {
    margin-block-end: 0.8rem;
  }
  .consent ul {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .consent li {
    display: grid;
    grid-template-columns: 1rem minmax(0, 1fr);
    gap: 0.7rem;
    align-items: baseline;
  }
  .consent li::before {
    content: '';
    inline-size: 0.5rem;
    block-size: 0.62rem;
    border-radius: 46% 54% 50% 50% / 56% 52% 48% 44%;
    background: var(--moot-line-strong);
  }
  .consent li:last-child {
    font-weight: 600;
  }
  .consent li:last-child::before {
    background: var(--moot-gorse);
    box-shadow: 0 0 0 1.5px var(--moot-ink);
  }
  .consent p + p {
    margin-block-start: 0.5rem;
  }
  .settings {
    display: grid;
    gap: 1rem;
    padding-block: 1.1rem;
    border-block: 1px solid var(--moot-line);
  }
  .setting {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0.4rem 1rem;
  }
  .setting > legend {
    float: inline-start;
    margin: 0;
  }
  .setting .hint {
    flex-basis: 100%;
  }
  .actions {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.6rem;
  }
  .actions .primary {
    grid-column: 1 / -1;
    min-block-size: 3.4rem;
    font-size: var(--moot-large);
  }
  .quiet {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.3rem 1.5rem;
  }
  .check,
  .bring {
    min-block-size: 1.75rem;
  }
  .bring {
    position: relative;
    font: inherit;
    color: var(--moot-link);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
    cursor: pointer;
  }
  .bring:hover {
    text-decoration-thickness: 2px;
  }
  .bring:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
    border-radius: 6px;
  }
  ol {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ol li {
    display: flex;
    gap: 0.7rem;
    align-items: center;
    color: var(--moot-ink-soft);
  }
  ol li::before {
    content: '';
    inline-size: 0.75rem;
    block-size: 0.75rem;
    border: 1.5px solid currentColor;
    border-radius: 50%;
  }
  ol li.done::before {
    background: var(--moot-agreed);
    border-color: var(--moot-agreed);
  }
  ol li[aria-current] {
    color: var(--moot-ink);
    font-weight: 600;
  }
  ol li[aria-current]::before {
    border-color: var(--moot-agreed);
    border-block-start-color: transparent;
    animation: turn 900ms linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`
