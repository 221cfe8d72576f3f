import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Report } from '../domain/authority/report-shape.ts'
import { share } from './authority/figures.ts'
import { gradePatterns } from './authority/patterns.ts'
import { patterned } from './authority/patterns.styles.ts'
import { GRADES } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-consent.styles.ts'

/** How those whom decisions bind had signed the rule before, by what each signature was worth. */
@customElement('moot-consent')
export class MootConsent extends LitElement {
  static override readonly styles = [base, patterned, styles]

  @property({ attribute: false }) consent!: Report['consent']

  override render(): TemplateResult {
    const total = GRADES.reduce((sum, { grade }) => sum + this.consent[grade], 0)
    let from = 0
    const parts = GRADES.map(({ grade, means }) => {
      const part = total === 0 ? 0 : this.consent[grade] / total
      const at = from
      from += part
      return { grade, means, part, at, count: this.consent[grade] }
    })
    return html`<svg class="defs" aria-hidden="true"><defs>${gradePatterns()}</defs></svg>
      <h2>What consent was worth</h2>
      <p class="soft">Each time a decision bound somebody: how that one had signed the rule before.</p>
      ${
        total === 0
          ? nothing
          : html`<svg class="whole" aria-hidden="true">
              ${parts.map(
                ({ grade, at, part }) =>
                  svg`<rect x=${`${at * 100}%`} width=${`${part * 100}%`} height="100%" fill=${`url(#${grade})`}></rect>`,
              )}
            </svg>`
      }
      <table>
        <caption class="unseen">
          Consent by grade
        </caption>
        <thead class="unseen">
          <tr>
            <th scope="col">Grade</th>
            <th scope="col">Times</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          ${parts.map(
            ({ grade, means, part, count }) =>
              html`<tr>
                <th scope="row">
                  <span class="grade"
                    ><svg class="swatch" aria-hidden="true">
                      <rect width="100%" height="100%" fill=${`url(#${grade})`} /></svg
                    >${means}</span
                  >
                </th>
                <td class="soft small">${count.toLocaleString('en')}</td>
                <td>${share(part)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-consent': MootConsent
  }
}
