import { html, type TemplateResult } from 'lit'
import { stonePath } from './stone.ts'

/** A peer's own stone, small, to stand before its name. */
export const stoneMark = (peer: string, size = '1.5em'): TemplateResult =>
  html`<svg aria-hidden="true" viewBox="-12 -12 24 24" width=${size} height=${size} fill="currentColor">
    <path d=${stonePath(peer, 11)}></path>
  </svg>`
