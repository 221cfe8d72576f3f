import { css } from 'lit'

/** The colours of a state, beside its shape and words: `data-tone` sets `--tone` (text) and `--tone-soft` (ground). */
export const tones = css`
  [data-tone] {
    --tone: var(--moot-lone);
    --tone-soft: var(--moot-lone-soft);
  }
  [data-tone='agreed'] {
    --tone: var(--moot-agreed);
    --tone-soft: var(--moot-agreed-soft);
  }
  [data-tone='rounding'] {
    --tone: var(--moot-rounding);
    --tone-soft: var(--moot-rounding-soft);
  }
  [data-tone='contested'] {
    --tone: var(--moot-contested);
    --tone-soft: var(--moot-contested-soft);
  }
`
