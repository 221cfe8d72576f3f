import { html, nothing, type TemplateResult } from 'lit'
import type { Refusal } from '../peer/dispute-view.ts'
import { refusalWords } from './disputes/dispute-words.ts'
import { stoneMark } from './stone-mark.ts'
import { cut } from './words.ts'

/** Keys listed: a flood may come from many. */
const MOST_KEYS = 24
/** Characters shown of why. */
const WHY_SHOWN = 200

/** Whose messages this tab refused, how often and why. Styles: `refusals.styles`. */
export function refusalList(refused: readonly Refusal[]): TemplateResult | typeof nothing {
  // What comes by two ways comes twice: nobody's doing.
  const odd = refused.filter(({ fault }) => fault.code !== 'REPLAYED')
  if (odd.length === 0) return nothing
  const more = odd.length - MOST_KEYS
  return html`<section class="card">
    <h2>Refused by this tab</h2>
    <ul class="list">
      ${odd.slice(0, MOST_KEYS).map(
        ({ peer, nickname, fault, times }) =>
          html`<li>
            ${stoneMark(peer)}
            <span title=${peer}><strong>${nickname}</strong>, ${timesWords(times)}</span>
            <span class="small soft">${cut(refusalWords(fault), WHY_SHOWN)}</span>
          </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p class="small soft">and ${more} more tabs.</p>` : nothing}
  </section>`
}

const timesWords = (times: number): string => (times === 1 ? 'once' : `${times.toLocaleString('en')} times`)
