import { html, nothing, type TemplateResult } from 'lit'
import { sentence, type Fault } from '../domain/fault.ts'
import { icon, type IconName } from './icons.ts'

/** A sentence that explains; with a flag, one that warns and has time. Styles: `controls.styles`. */
export const note = (words: unknown, name: IconName = 'info'): TemplateResult =>
  html`<div class=${name === 'flag' ? 'note warning' : 'note'}>
    ${icon(name)}
    <p>${words}</p>
  </div>`

/** A sentence that something is wrong, read out at once. */
export const warning = (words: unknown): TemplateResult =>
  html`<div class="note warning" role="alert">
    ${icon('warning')}
    <p>${words}</p>
  </div>`

/** A fault in its own words. */
export const faultNote = (fault: Fault | undefined): TemplateResult | typeof nothing =>
  fault === undefined ? nothing : warning(sentence(fault))

/** A wait that has become long enough to show. */
export const waiting = (words: string, fraction?: number): TemplateResult =>
  html`<div class="wait" role="status">
    <p class="small">${words}</p>
    ${
      fraction === undefined
        ? html`<progress aria-label=${words}></progress>`
        : html`<progress aria-label=${words} max="1" .value=${fraction}></progress>`
    }
  </div>`
