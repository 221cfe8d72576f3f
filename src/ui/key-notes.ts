import { html, nothing, type TemplateResult } from 'lit'
import { icon } from './icons.ts'
import type { BroughtKey, GoneKey } from './joining.ts'
import { broughtWords } from './moving-words.ts'

/** What the door says of a key that came, or went. Styles: `controls.styles`. */

const keyNote = (words: TemplateResult, action: TemplateResult | typeof nothing): TemplateResult =>
  html`<div class="note" role="status">
    ${icon('key')}
    <div class="stack">
      <p>${words}</p>
      ${action}
    </div>
  </div>`

export const broughtNote = (key: BroughtKey, drop: () => void): TemplateResult =>
  keyNote(
    html`You join as <strong title=${key.id}>${key.nickname}</strong>, whose key is in the file. ${broughtWords(key)}
      Once you have joined, delete the file: whoever has it is you.`,
    html`<div><button class="slim" @click=${drop}>Leave it</button></div>`,
  )

export const goneNote = ({ nickname, saved }: GoneKey, save: () => void): TemplateResult =>
  keyNote(
    html`The key of <strong>${nickname}</strong> is no longer on this device.
      ${saved ? 'Its file should be among your downloads. Once this tab is closed there is no other copy.' : nothing}`,
    saved ? html`<div><button class="slim" @click=${save}>Save it again</button></div>` : nothing,
  )
