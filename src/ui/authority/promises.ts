import { html, type TemplateResult } from 'lit'

const PROMISES: readonly (readonly [name: string, words: string])[] = [
  [
    'Routes',
    'Whether answers were settled by arithmetic, which any tab can repeat, by a jury, by a default, or not at all.',
  ],
  ['Deciders', 'Who decided, and how many it took to make half of the decisions, beside what chance alone predicts.'],
  ['Voices', 'How many of those who vote do so of their own mind.'],
  ['Consent', 'How many had signed a rule before it was used on them, and what their signature was worth.'],
  ['Capital', 'Whether who computes more also decides more.'],
  ['Defaults', 'How much rests on choices that nobody looked at.'],
  ['Exit', 'What you keep if you leave under rules of your own.'],
]

/** What the page of a room without decisions says will appear, by name. */
export const promises = (): TemplateResult =>
  html`<dl>
    ${PROMISES.map(
      ([name, words]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${words}</dd>
        </div>`,
    )}
  </dl>`
