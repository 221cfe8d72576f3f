import { css } from 'lit'

/** Buttons, fields, cards, notes: for elements that have some. Targets are at least 40 px high. */
export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 2.75rem;
    padding: 0.45rem 1rem;
    border: 1px solid var(--moot-line-strong);
    border-radius: 999px;
    background: var(--moot-surface);
    color: var(--moot-ink);
    font: 550 var(--moot-text) / 1.2 var(--moot-sans);
    text-decoration: none;
    cursor: pointer;
    transition:
      background var(--moot-quick),
      transform var(--moot-quick);
  }
  button:hover,
  .button:hover {
    background: var(--moot-sunk);
  }
  button:active {
    transform: translateY(1px);
  }
  button:focus-visible,
  .button:focus-visible {
    border-radius: 999px;
  }
  button.primary {
    border-color: transparent;
    background: var(--moot-gorse);
    color: var(--moot-on-gorse);
  }
  button.primary:hover {
    background: var(--moot-gorse-deep);
  }
  button.plain {
    border-color: transparent;
    background: none;
    color: var(--moot-link);
  }
  button.plain:hover {
    background: var(--moot-sunk);
  }
  button.slim {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.8rem;
    font-size: var(--moot-small);
  }
  button:disabled {
    border-style: dashed;
    border-color: var(--moot-line-strong);
    background: none;
    color: var(--moot-ink-soft);
    cursor: not-allowed;
  }
  label,
  legend {
    font: 600 var(--moot-small) / 1.3 var(--moot-sans);
  }
  fieldset {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-block-end: 0.45rem;
  }
  select,
  textarea,
  input[type='text'],
  input[type='search'],
  input[type='number'] {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--moot-line-strong);
    border-radius: 10px;
    background: var(--moot-surface);
    color: inherit;
    font: inherit;
  }
  textarea {
    resize: block;
    font: 400 var(--moot-small) / 1.5 var(--moot-mono);
  }
  input[type='checkbox'],
  input[type='radio'] {
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0;
    accent-color: var(--moot-agreed);
  }
  input[type='range'] {
    inline-size: 100%;
    block-size: 1.75rem;
    margin: 0;
    accent-color: var(--moot-agreed);
  }
  .segments {
    display: inline-flex;
    padding: 3px;
    border-radius: 999px;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .segments label {
    position: relative;
    display: grid;
    place-items: center;
    min-block-size: 2.25rem;
    min-inline-size: 3.25rem;
    padding-inline: 0.8rem;
    border-radius: 999px;
    cursor: pointer;
  }
  .segments input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .segments label:has(:checked) {
    background: var(--moot-surface);
    box-shadow: 0 0 0 1.5px var(--moot-ink);
  }
  .segments label:has(:focus-visible) {
    outline: 3px solid var(--moot-link);
    outline-offset: 2px;
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 0.8rem;
    min-block-size: 3rem;
    padding: 0.5rem 1rem;
    border: 1px solid var(--moot-line-strong);
    border-radius: 10px;
    font: 550 var(--moot-text) / 1.3 var(--moot-sans);
    cursor: pointer;
  }
  .choice:has(:checked) {
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1.5px var(--moot-ink);
  }
  .choice input {
    flex: none;
  }
  .card {
    padding: clamp(1rem, 0.8rem + 1vw, 1.75rem);
    border: 1px solid var(--moot-line);
    border-radius: var(--moot-radius);
    background: var(--moot-surface);
  }
  .note {
    display: flex;
    gap: 0.7rem;
    align-items: start;
    padding: 0.75rem 1rem;
    border-inline-start: 4px solid var(--moot-rounding);
    border-radius: 6px;
    background: var(--moot-rounding-soft);
  }
  .note.warning {
    border-color: var(--moot-contested);
    background: var(--moot-contested-soft);
  }
  .note svg {
    margin-block-start: 0.15em;
  }
  progress {
    inline-size: 100%;
    block-size: 0.5rem;
    border: 0;
    border-radius: 99px;
    overflow: hidden;
    background: var(--moot-sunk);
    accent-color: var(--moot-agreed);
  }
  progress::-webkit-progress-bar {
    background: var(--moot-line);
  }
  progress::-webkit-progress-value {
    background: var(--moot-agreed);
    border-radius: 99px;
  }
  progress::-moz-progress-bar {
    background: var(--moot-agreed);
  }
`
