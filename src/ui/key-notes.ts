import { html, nothing, type TemplateResult } from 'lit'
import type { BroughtKey, GoneKey } from './joining.ts'
import { broughtWords } from './moving-words.ts'
import { note } from './notes.ts'

/** What the door says of a key that came, or went. */

export const broughtNote = (key: BroughtKey, drop: () => void): TemplateResult =>
  html`<div role="status">
    ${note(
      html`You join as <strong title=${key.id}>${key.nickname}</strong>, whose key is in the file. ${broughtWords(key)}
        Once you have joined, delete the file: whoever has it is you.
        <button class="slim" @click=${drop}>Leave it</button>`,
      'key',
    )}
  </div>`

export const goneNote = ({ nickname, saved }: GoneKey, save: () => void): TemplateResult =>
  html`<div role="status">
    ${note(
      html`The key of <strong>${nickname}</strong> is no longer on this device.
        ${
          saved
            ? html`Its file should be among your downloads. Once this tab is closed there is no other copy.
                <button class="slim" @click=${save}>Save it again</button>`
            : nothing
        }`,
      'key',
    )}
  </div>`
