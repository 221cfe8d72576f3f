import { css } from 'lit'

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto 1fr;
    min-block-size: 100dvh;
    background: var(--moot-ground);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem clamp(0.75rem, 2vw, 2rem);
    padding-block: 0.7rem;
    padding-inline: calc(max(0px, (100% - 82rem) / 2) + clamp(1rem, 4vw, 3rem));
    border-block-end: 1px solid var(--moot-line);
  }
  .home {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-inline-size: 0;
    min-block-size: 2.75rem;
    color: inherit;
    text-decoration: none;
  }
  .home .words {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-inline-size: 0;
    line-height: 1.15;
  }
  .home strong {
    font: 500 1.3rem/1 var(--moot-serif);
  }
  .home .small {
    overflow: hidden;
    max-inline-size: 11rem;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  nav {
    display: flex;
    gap: 0.25rem;
  }
  nav a {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    padding: 0.3rem 0.85rem;
    border-radius: 999px;
    color: var(--moot-ink-soft);
    font-weight: 550;
    text-decoration: none;
  }
  nav a:hover {
    background: var(--moot-sunk);
  }
  nav a[aria-current] {
    background: var(--moot-ink);
    color: var(--moot-ground);
  }
  nav b {
    min-inline-size: 1.35rem;
    padding: 0.1rem 0.35rem;
    border-radius: 99px;
    background: var(--moot-contested-soft);
    color: var(--moot-contested);
    font-size: 0.8rem;
    line-height: 1.15rem;
    text-align: center;
  }
  nav > button {
    display: none;
  }
  #more {
    display: contents;
  }
  .pause {
    flex: none;
    margin-inline-start: auto;
  }
  .strip {
    display: grid;
    gap: 0.6rem;
    padding: 0.8rem clamp(1rem, 4vw, 3rem) 0;
    max-inline-size: 82rem;
    inline-size: 100%;
    margin-inline: auto;
  }
  .strip:empty {
    display: none;
  }
  .body {
    display: grid;
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  main {
    inline-size: 100%;
    max-inline-size: 82rem;
    margin-inline: auto;
    padding: clamp(1.1rem, 2.6vw, 2.75rem) clamp(1rem, 4vw, 3rem) 4rem;
  }
  @media (min-width: 52.01rem) {
    nav {
      order: 1;
      flex-basis: 100%;
      justify-content: space-between;
      gap: 0;
      margin-inline: -0.5rem;
    }
    nav a {
      padding-inline: clamp(0.35rem, 0.8vw, 0.85rem);
      white-space: nowrap;
    }
  }
  @media (min-width: 52.01rem) and (max-width: 60rem) {
    nav a svg {
      display: none;
    }
  }
  @media (max-width: 52rem) {
    header {
      flex-wrap: nowrap;
    }
    nav {
      position: fixed;
      inset-block-end: 0;
      inset-inline: 0;
      z-index: 1;
      display: grid;
      grid-template-columns: repeat(5, minmax(0, 1fr));
      gap: 0;
      padding: 0.25rem 0.25rem max(0.25rem, env(safe-area-inset-bottom));
      border-block-start: 1px solid var(--moot-line);
      background: var(--moot-surface);
    }
    nav > a,
    nav > button {
      display: inline-flex;
      flex-direction: column;
      justify-content: center;
      gap: 0.15rem;
      min-block-size: 3.4rem;
      position: relative;
      padding: 0.2rem 0;
      border-radius: 10px;
      font-size: 0.75rem;
      line-height: 1.1;
      text-align: center;
    }
    nav > button {
      border: 0;
      background: none;
      color: var(--moot-ink-soft);
      font-weight: 550;
    }
    nav > button[data-here='true'] {
      background: var(--moot-ink);
      color: var(--moot-ground);
    }
    nav > a b {
      position: absolute;
      inset-block-start: 0.2rem;
      inset-inline-start: 56%;
    }
    #more {
      display: none;
      position: fixed;
      inset: auto 0.5rem calc(4.2rem + env(safe-area-inset-bottom)) auto;
      min-inline-size: 12rem;
      margin: 0;
      padding: 0.4rem;
      border: 1px solid var(--moot-line-strong);
      border-radius: var(--moot-radius);
      background: var(--moot-surface);
      box-shadow: 0 0.5rem 2rem oklch(0 0 0 / 0.18);
    }
    #more:popover-open {
      display: grid;
    }
    #more a {
      border-radius: 10px;
    }
    main {
      padding-block-end: 7rem;
    }
  }
`
