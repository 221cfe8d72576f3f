import { css } from 'lit'

export const styles = css`
  .defaults {
    display: grid;
    gap: 1.6rem clamp(1.5rem, 4vw, 3.5rem);
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .defaults > li {
    display: grid;
    gap: 0.25rem;
    align-content: start;
    min-inline-size: 0;
  }
  .value {
    font: 400 var(--moot-large) / 1.3 var(--moot-serif);
  }
  .shares {
    position: relative;
    block-size: 0.6rem;
    margin-block: 0.3rem 0.1rem;
    border-radius: 99px;
    overflow: hidden;
    background: var(--moot-sunk);
    box-shadow: inset 0 0 0 1px var(--moot-line);
  }
  .shares i,
  .shares b {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: calc(var(--unchanged) * 100%);
    background: var(--moot-line-strong);
  }
  .shares b {
    inline-size: calc(var(--affirmed) * 100%);
    background: var(--moot-agreed);
  }
  .others {
    margin: 0 0 0.7rem;
    padding-inline-start: 1.2rem;
    font-size: var(--moot-small);
    overflow-wrap: anywhere;
  }
  a.slim {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.8rem;
    font-size: var(--moot-small);
  }
  .other {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: end;
    margin-block: 0.7rem;
  }
  .other label {
    flex: 1;
    min-inline-size: 10rem;
  }
`
