import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { tensorsToJson } from '../domain/tensor-json.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Manifest } from '../domain/manifest.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import './moot-copy.ts'
import { styles } from './moot-result.styles.ts'
import { note } from './notes.ts'
import { isNowhereANumber, readLabels } from './result.ts'
import { cut } from './words.ts'

/** Characters of raw output shown; all of it is copied. */
const SHOWN = 4_000

/** What the model gave: the most likely labels with bars where it has labels, and the raw numbers. */
@customElement('moot-result')
export class MootResult extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) manifest!: Manifest
  @property({ attribute: false }) output!: Tensors

  override render(): TemplateResult {
    const labels = readLabels(this.manifest, this.output)
    const json = JSON.stringify(tensorsToJson(this.output))
    return html`${
        labels &&
        html`<ol class=${labels.some(({ label }) => label.length > 6) ? 'long' : ''}>
          ${labels.map(
            ({ label, share }) =>
              html`<li>
                <span class="name" title=${label}>${cut(label, 40)}</span>
                <span class="bar" aria-hidden="true"><i style=${`inline-size:${(share * 100).toFixed(1)}%`}></i></span>
                <span class="share"><bdi dir="ltr">${shareWords(share)}</bdi></span>
              </li>`,
          )}
        </ol>`
      }
      ${isNowhereANumber(this.output) ? note('Every value of this output is “not a number” (NaN): the model has no answer to this input.') : ''}
      <details ?open=${labels === undefined}>
        <summary>Numbers, as JSON</summary>
        <pre tabindex="0" role="group" aria-label="Output as JSON">${cut(json, SHOWN)}</pre>
        <moot-copy label="Copy all" .text=${json}></moot-copy>
      </details>`
  }
}

/** Rounded, yet never to a certainty that the numbers do not have. */
const shareWords = (share: number): string => {
  if (share > 0.999 && share < 1) return '> 99.9 %'
  return share > 0 && share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(1)} %`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-result': MootResult
  }
}
