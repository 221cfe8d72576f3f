import { css } from 'lit'

export const styles = css`
  :host {
    position: relative;
    display: grid;
    gap: 0.9rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .whole {
    position: relative;
    display: flex;
    align-items: center;
    gap: 2px;
    block-size: 1.1rem;
  }
  .whole i {
    min-inline-size: 0;
    flex: var(--share) 0 0;
    border-block-start: 3px solid var(--moot-agreed);
  }
  .whole .differ {
    flex: none;
    block-size: 1.1rem;
    inline-size: 6px;
    border: 1.5px solid var(--moot-ink);
    border-radius: 2px;
    background: var(--moot-gorse);
    rotate: 8deg;
  }
  .whole .after,
  .whole .open {
    border-block-start: 2px dashed var(--moot-line-strong);
  }
  .whole .view {
    position: absolute;
    inset-block: 0;
    inset-inline-start: calc(var(--from) * 100%);
    inline-size: calc(var(--part) * 100%);
    min-inline-size: 6px;
    border: 1.5px solid var(--moot-line-strong);
    border-radius: 6px;
  }
  ol {
    position: relative;
    display: flex;
    gap: 3px;
    align-items: end;
    overflow-x: auto;
    margin: 0;
    padding: 1.1rem 4px 0.4rem;
    list-style: none;
    scrollbar-width: thin;
    scrollbar-color: var(--moot-line-strong) transparent;
    border-block-end: 2px solid var(--moot-line-strong);
  }
  ol:focus-visible {
    outline-offset: -3px;
  }
  li {
    flex: none;
    display: grid;
    justify-items: center;
    gap: 0.15rem;
    inline-size: 2rem;
    font-size: 0.8rem;
    font-variant-numeric: tabular-nums;
  }
  .stone {
    display: grid;
    grid-template-rows: 1.5rem minmax(0, 1fr);
    place-items: center;
    inline-size: 100%;
    min-block-size: 0;
    block-size: 10.5rem;
    padding: 0.3rem 0 0.4rem;
    border: 1.5px solid transparent;
    border-radius: 1rem 0.9rem 4px 4px / 1.3rem 1rem 4px 4px;
    background: var(--moot-agreed-soft);
    color: var(--moot-agreed);
    font: inherit;
  }
  li:nth-child(3n) .stone {
    border-radius: 0.8rem 1.1rem 4px 4px / 0.9rem 1.4rem 4px 4px;
  }
  .stone svg {
    inline-size: 1rem;
    stroke-width: 1.8;
  }
  .type {
    align-self: start;
    overflow: hidden;
    max-inline-size: 100%;
    text-overflow: ellipsis;
    white-space: nowrap;
    writing-mode: vertical-rl;
    color: var(--moot-ink);
  }
  .after .stone,
  .open .stone {
    block-size: 9.7rem;
    border-color: var(--moot-line-strong);
    border-style: dashed;
    background: none;
    color: var(--moot-ink-soft);
  }
  .after .type,
  .open .type {
    color: var(--moot-ink-soft);
  }
  .open .stone {
    border-style: solid;
  }
  li.differ {
    inline-size: 2.75rem;
    margin-inline: 0.35rem;
    font-weight: 700;
  }
  .differ .stone {
    block-size: 11.5rem;
    border: 2px solid var(--moot-on-gorse);
    background: var(--moot-gorse);
    color: var(--moot-on-gorse);
    font-size: 0.95rem;
    rotate: 3deg;
  }
  .differ .stone svg {
    inline-size: 1.4rem;
  }
  .differ .type {
    color: inherit;
  }
  button.stone {
    cursor: pointer;
  }
  button.stone:hover {
    background: var(--moot-gorse-deep);
  }
  .index {
    color: var(--moot-ink-soft);
  }
  .differ .index {
    color: inherit;
  }
  .more {
    inline-size: 5.5rem;
    align-self: center;
    color: var(--moot-ink-soft);
    text-align: center;
  }
  .stem {
    position: absolute;
    inset-block-start: 100%;
    left: calc(var(--at) * 100% - 1px);
    inline-size: 2px;
    block-size: 1.6rem;
    background: var(--moot-ink);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1.4rem;
    margin: 0;
    color: var(--moot-ink-soft);
    font-size: var(--moot-small);
  }
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 0.45rem;
  }
  .legend b {
    display: inline-grid;
    place-items: center;
    inline-size: 1.3em;
    block-size: 1.5em;
    border: 1.5px solid transparent;
    border-radius: 0.6em 0.6em 2px 2px;
    background: var(--moot-agreed-soft);
    color: var(--moot-agreed);
    stroke-width: 2.2;
  }
  .legend svg {
    inline-size: 0.85em;
  }
  .legend .differ b {
    border-color: var(--moot-on-gorse);
    background: var(--moot-gorse);
    color: var(--moot-on-gorse);
    rotate: 6deg;
  }
  .legend .after b,
  .legend .open b {
    border: 1.5px dashed var(--moot-line-strong);
    background: none;
    color: inherit;
  }
  .legend .open b {
    border-style: solid;
  }
`
