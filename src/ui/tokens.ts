import { css } from 'lit'

/**
 * The whole look in one place. Colours are those of a hill with standing stones: lichen, slate, gorse, heather. Each is
 * given for light and dark; `color-scheme` chooses. Text colours keep 4.5:1 on the grounds, lines of controls 3:1.
 */
export const tokens = css`
  :host {
    color-scheme: light dark;
    --moot-ground: light-dark(oklch(0.962 0.009 128), oklch(0.195 0.016 195));
    --moot-surface: light-dark(oklch(0.992 0.004 120), oklch(0.235 0.018 195));
    --moot-sunk: light-dark(oklch(0.932 0.013 132), oklch(0.165 0.014 195));
    --moot-relief: light-dark(oklch(0.932 0.013 132), oklch(0.228 0.02 195));
    --moot-line: light-dark(oklch(0.862 0.014 140), oklch(0.345 0.018 190));
    --moot-line-strong: light-dark(oklch(0.58 0.025 165), oklch(0.6 0.022 175));
    --moot-ink: light-dark(oklch(0.235 0.028 195), oklch(0.945 0.01 130));
    --moot-ink-soft: light-dark(oklch(0.425 0.024 180), oklch(0.765 0.016 150));
    --moot-link: light-dark(oklch(0.42 0.085 205), oklch(0.83 0.085 195));
    --moot-gorse: light-dark(oklch(0.855 0.165 94), oklch(0.845 0.155 92));
    --moot-gorse-deep: light-dark(oklch(0.79 0.165 88), oklch(0.9 0.14 95));
    --moot-on-gorse: oklch(0.235 0.04 90);
    --moot-gpu: light-dark(oklch(0.46 0.13 318), oklch(0.82 0.1 318));
    --moot-cpu: light-dark(oklch(0.42 0.05 200), oklch(0.84 0.05 195));
    --moot-agreed: light-dark(oklch(0.43 0.095 155), oklch(0.84 0.13 152));
    --moot-agreed-soft: light-dark(oklch(0.925 0.052 150), oklch(0.3 0.05 160));
    --moot-rounding: light-dark(oklch(0.43 0.085 225), oklch(0.84 0.08 215));
    --moot-rounding-soft: light-dark(oklch(0.925 0.035 222), oklch(0.3 0.04 220));
    --moot-contested: light-dark(oklch(0.47 0.135 42), oklch(0.83 0.11 58));
    --moot-contested-soft: light-dark(oklch(0.93 0.045 62), oklch(0.31 0.05 48));
    --moot-lone: light-dark(oklch(0.43 0.03 190), oklch(0.82 0.02 160));
    --moot-lone-soft: light-dark(oklch(0.915 0.014 150), oklch(0.3 0.016 185));
    --moot-serif:
      'Iowan Old Style', 'Palatino Linotype', 'URW Palladio L', Palatino, 'Book Antiqua', 'Liberation Serif', serif;
    --moot-sans:
      'Avenir Next', 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif;
    --moot-mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Liberation Mono', monospace;
    --moot-text: clamp(1rem, 0.96rem + 0.18vw, 1.25rem);
    --moot-small: calc(var(--moot-text) * 0.86);
    --moot-large: clamp(1.2rem, 1.1rem + 0.5vw, 1.75rem);
    --moot-title: clamp(1.75rem, 1.4rem + 1.7vw, 3.25rem);
    --moot-gap: clamp(0.9rem, 0.7rem + 0.9vw, 1.75rem);
    --moot-radius: 14px;
    --moot-quick: 160ms;
  }
`
