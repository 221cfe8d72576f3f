import { css } from 'lit'

/** Pieces of a charter: rules, differences, counts, what one keeps. */
export const charterStyles = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    max-inline-size: 64rem;
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  header {
    display: grid;
    gap: 0.6rem;
    justify-items: start;
  }
  .lead {
    font: 400 var(--moot-large) / 1.4 var(--moot-serif);
    overflow-wrap: anywhere;
  }
  .card {
    display: grid;
    gap: 0.9rem;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .facts {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.3rem 1rem;
    margin: 0;
  }
  .facts dt {
    color: var(--moot-ink-soft);
  }
  .facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .facts a {
    display: inline-block;
    min-block-size: 1.6rem;
  }
  .facts moot-copy {
    display: inline-block;
  }
  .title {
    font: 500 var(--moot-large) / 1.2 var(--moot-serif);
    overflow-wrap: anywhere;
  }
  .phase {
    font-weight: 600;
  }
  .number {
    color: var(--moot-ink-soft);
    font: 400 var(--moot-small) / 1.4 var(--moot-mono);
    font-variant-numeric: tabular-nums;
  }
  .clauses {
    display: grid;
    gap: clamp(1.4rem, 2.5vw, 2.4rem);
  }
  .clauses h3 {
    display: flex;
    gap: 0.8rem;
    align-items: baseline;
    padding-block-end: 0.5rem;
    border-block-end: 2px solid var(--moot-ink);
    font: 500 var(--moot-large) / 1.2 var(--moot-serif);
  }
  .clauses h3 span {
    min-inline-size: 2.4rem;
  }
  .clauses dl {
    margin: 0;
  }
  .clauses dl > div {
    display: grid;
    gap: 0.1rem 1.5rem;
    grid-template-columns: minmax(0, 1fr);
    padding-block: 0.6rem;
    border-block-end: 1px solid var(--moot-line);
  }
  .clauses dt {
    display: flex;
    gap: 0.8rem;
    align-items: baseline;
    font-weight: 600;
  }
  .clauses .number {
    min-inline-size: 2.4rem;
  }
  .clauses dd {
    margin: 0;
    margin-inline-start: 3.2rem;
    overflow-wrap: anywhere;
  }
  @media (min-width: 52rem) {
    .clauses dl > div {
      grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
    }
    .clauses dd {
      margin-inline-start: 0;
    }
  }
  .differences {
    display: grid;
    gap: 0.9rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .differences li {
    display: grid;
    gap: 0.25rem;
    padding-block-end: 0.9rem;
    border-block-end: 1px solid var(--moot-line);
  }
  .differences li:last-child {
    padding-block-end: 0;
    border: 0;
  }
  .rule {
    display: flex;
    gap: 0.8rem;
    align-items: baseline;
  }
  .rule .number {
    min-inline-size: 2.4rem;
  }
  .change {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.3rem 0.9rem;
    margin-inline-start: 3.2rem;
  }
  .differences li > .small {
    margin-inline-start: 3.2rem;
  }
  del {
    color: var(--moot-ink-soft);
    text-decoration-color: var(--moot-contested);
    text-decoration-thickness: 1px;
  }
  ins {
    padding: 0.05rem 0.5rem;
    border-radius: 6px;
    background: var(--moot-agreed-soft);
    color: var(--moot-agreed);
    font-weight: 600;
    text-decoration: none;
  }
  ins::before {
    content: '→ ';
    font-weight: 400;
  }
  ins:dir(rtl)::before {
    content: '← ';
  }
  .keeps {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding-inline-start: 1.2rem;
  }
  .counts {
    display: grid;
    gap: 0.9rem 2rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
    margin: 0;
  }
  .counts dt {
    font: 600 var(--moot-small) / 1.3 var(--moot-sans);
  }
  .counts dd {
    display: grid;
    gap: 0.35rem;
    margin: 0.35rem 0 0;
    font-size: var(--moot-small);
  }
  .counts dd > span:last-child {
    display: flex;
    gap: 0.4rem;
    align-items: baseline;
  }
  .counts svg {
    align-self: center;
  }
  .counts .passes {
    color: var(--moot-agreed);
    font-weight: 600;
  }
  .gauge {
    position: relative;
    display: block;
    block-size: 0.7rem;
    border-radius: 99px;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .gauge i {
    display: block;
    block-size: 100%;
    inline-size: calc(var(--signed) * 100%);
    border-radius: inherit;
    background: var(--moot-agreed);
  }
  .gauge b {
    position: absolute;
    inset-block: -0.25rem;
    inset-inline-start: calc(var(--needed) * 100% - 1px);
    inline-size: 2px;
    background: var(--moot-ink);
  }
  details > summary {
    min-block-size: 2rem;
    align-content: center;
    color: var(--moot-link);
    cursor: pointer;
  }
  details[open] > summary {
    margin-block-end: 0.7rem;
  }
  blockquote {
    margin: 0;
    padding-inline-start: 1rem;
    border-inline-start: 3px solid var(--moot-line-strong);
    overflow-wrap: anywhere;
  }
  textarea {
    font: 400 var(--moot-text) / 1.5 var(--moot-sans);
  }
  form,
  .fields {
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
`
