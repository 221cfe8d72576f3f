import { svg, html, type TemplateResult } from 'lit'
import { stonePath } from './stone.ts'

/** Stones in the ring of the mark: a jury's worth, with the gap through which one enters. */
const STONES = 7

/** The mark of Moot: a ring of standing stones, open towards the reader. `size` in CSS units. */
export const mark = (size: string): TemplateResult => html`
  <svg class="mark" aria-hidden="true" viewBox="-50 -50 100 100" width=${size} height=${size} fill="currentColor">
    ${Array.from({ length: STONES }, (_, i) => {
      const angle = ((i + 1) / (STONES + 1)) * 2 * Math.PI + Math.PI / 2
      return svg`<path d=${stonePath(`moot ${i}`, 13.5)} transform=${`translate(${(Math.cos(angle) * 34).toFixed(1)} ${(Math.sin(angle) * 34).toFixed(1)})`}/>`
    })}
  </svg>
`
