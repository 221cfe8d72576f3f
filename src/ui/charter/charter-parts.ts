import { html, nothing, type TemplateResult } from 'lit'
import type { Charter } from '../../domain/charter/charter.ts'
import { CLAUSES, clauseSentence } from '../../domain/charter/clauses.ts'
import type { CountView, DifferenceView, ForkPreview } from '../../peer/governance-view.ts'
import { icon } from '../icons.ts'
import { note } from '../notes.ts'
import { cut } from '../words.ts'
import { countWords, keepsWords, PARTS, wayWords } from './charter-words.ts'

/** Pieces of a charter that several of its screens show. Styles: `charter.styles`. */

/** Characters of a value, a sentence or a label: a charter's text is a stranger's. */
const TEXT_SHOWN = 400
/** Labels and differences that are shown: a charter has 44 clauses. */
const MOST_ROWS = 64

/** Every rule, numbered, under the part that it belongs to. */
export function clauseList(charter: Charter): TemplateResult {
  const parts = Map.groupBy(CLAUSES, ({ number }) => number.split('.')[0] ?? '')
  return html`<div class="clauses">
    ${[...parts].map(
      ([part, clauses]) =>
        html`<section aria-labelledby=${`part-${part}`}>
          <h3 id=${`part-${part}`}><span>${part}</span>${PARTS[part] ?? ''}</h3>
          <dl>
            ${clauses.map(
              (clause) =>
                html`<div>
                  <dt><span class="number">${clause.number}</span>${clause.name}</dt>
                  <dd dir="auto">${cut(clauseSentence(clause, charter), TEXT_SHOWN)}</dd>
                </div>`,
            )}
          </dl>
        </section>`,
    )}
  </div>`
}

/** What one charter changes of another, rule by rule. */
export function differenceTable(differences: readonly DifferenceView[]): TemplateResult {
  if (differences.length === 0) return html`<p>They say the same, rule by rule.</p>`
  return html`<ol class="differences">
    ${differences.slice(0, MOST_ROWS).map(
      ({ clause, path, name, before, after, means }) =>
        html`<li>
          <p class="rule" title=${path}><span class="number">${clause}</span><strong>${name}</strong></p>
          <p class="change" dir="auto">
            <del><span class="unseen">before: </span>${cut(before, TEXT_SHOWN)}</del>
            <ins><span class="unseen">after: </span>${cut(after, TEXT_SHOWN)}</ins>
          </p>
          ${means ? html`<p class="small soft">${cut(means, TEXT_SHOWN)}</p>` : nothing}
        </li>`,
    )}
  </ol>`
}

/** What whoever signs a charter must be told. */
export const labelNotes = (labels: readonly string[]): readonly TemplateResult[] =>
  labels.slice(0, MOST_ROWS).map((label) => note(cut(label, TEXT_SHOWN), 'flag'))

/** What one keeps who goes by another charter. */
export const keepsList = (preview: ForkPreview): TemplateResult =>
  html`<ul class="keeps">
    ${keepsWords(preview).map((words) => html`<li>${words}</li>`)}
  </ul>`

/** The signatures under a proposal, counted in three ways, each with what it is out of. */
export const countList = (counts: readonly CountView[]): TemplateResult =>
  html`<dl class="counts">
      ${counts.map((count) => {
        const share = count.of === 0 ? 0 : Math.min(1, count.signed / count.of)
        const needed = count.of === 0 ? 1 : Math.min(1, count.needed / count.of)
        return html`<div>
          <dt>${wayWords(count.way)}</dt>
          <dd>
            <span class="gauge" aria-hidden="true" style=${`--signed:${share};--needed:${needed}`}><i></i><b></b></span>
            <span class=${count.passes ? 'passes' : ''}
              >${icon(count.passes ? 'holds' : 'absent')}${countWords(count)}</span
            >
          </dd>
        </div>`
      })}
    </dl>
    <p class="small soft">
      Three ways of counting the same signatures. However they come out, it binds only those who sign.
    </p>`
