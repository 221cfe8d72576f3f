import { html, type TemplateResult } from 'lit'
import { icon } from './icons.ts'
import { cut } from './words.ts'

/** Characters shown of what a check says. */
const DETAIL_SHOWN = 300

const OUTCOMES = {
  holds: 'holds',
  fails: 'fails',
  absent: 'cannot be checked',
} as const

/** Checks by name, with what each came to; `undefined` where what it takes is not at hand. Styles: `checks.styles`. */
export const checkList = (
  checks: readonly { readonly title: string; readonly holds: boolean | undefined; readonly detail: string }[],
): TemplateResult =>
  html`<ul class="checks">
    ${checks.map(({ title, holds, detail }) => {
      const kind = holds === undefined ? 'absent' : holds ? 'holds' : 'fails'
      return html`<li class=${kind}>
        ${icon(kind)}<strong>${title}: ${OUTCOMES[kind]}</strong
        ><span class="small soft">${cut(detail, DETAIL_SHOWN)}</span>
      </li>`
    })}
  </ul>`
