import { css } from 'lit'

/** The page of one contest, whether arithmetic or a jury settles it: its head, and the steps that it has taken. */
export const casePage = css`
  :host {
    display: grid;
    gap: var(--moot-gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-block-size: 2rem;
    justify-self: start;
    text-decoration: none;
  }
  .hero {
    display: grid;
    gap: 0.9rem;
    justify-items: start;
    max-inline-size: 56rem;
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
  .story {
    font: 400 var(--moot-large) / 1.4 var(--moot-serif);
  }
  blockquote {
    margin: 0;
    padding-inline-start: 1rem;
    border-inline-start: 3px solid var(--moot-line-strong);
    overflow-wrap: anywhere;
  }
  .steps {
    display: grid;
    gap: 0.5rem;
    inline-size: min(100%, 28rem);
  }
  .steps div {
    display: flex;
    gap: 4px;
  }
  .steps i {
    flex: 1;
    block-size: 0.5rem;
    border-radius: 99px;
    box-shadow: inset 0 0 0 1.5px var(--moot-line-strong);
  }
  .steps i.done {
    background: var(--moot-ink);
    box-shadow: none;
  }
`
