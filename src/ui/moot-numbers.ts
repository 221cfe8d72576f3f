import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Manifest } from '../domain/manifest.ts'
import { seededInputs } from '../domain/seeded-inputs.ts'
import { tensorsToJson } from '../domain/tensor-json.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-numbers.styles.ts'
import { cut } from './words.ts'

/** The seed of the example: any would do; always the same one, so that two people see the same numbers. */
const EXAMPLE_SEED = 1

/**
 * Tensors as JSON, typed or filled in with an example.
 *
 * @fires moot-numbers - A `CustomEvent<string>`: the text changed.
 */
@customElement('moot-numbers')
export class MootNumbers extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) manifest!: Manifest
  @property({ attribute: false }) text = ''

  override render(): TemplateResult {
    const { inputs } = this.manifest
    return html`<label for="json">Tensors, as JSON</label>
      <textarea
        id="json"
        spellcheck="false"
        autocomplete="off"
        placeholder=${`{ "${inputs[0]?.name ?? 'input'}": { "dtype": "float32", "dims": [1, 2], "data": [0.5, "NaN"] } }`}
        .value=${this.text}
        @input=${(event: Event) => this.tell((event.target as HTMLTextAreaElement).value)}
      ></textarea>
      <div class="row">
        <button class="slim" @click=${this.fill}>Fill in an example</button>
      </div>
      <div class="small soft">
        <p>This model wants:</p>
        <ul>
          ${inputs.map(
            ({ name, dtype, dims }) =>
              html`<li title=${name}>
                <code>${cut(name, 40)}</code> ${dtype}, ${dims.map((dim) => dim ?? 'any').join(' × ') || 'one value'}
              </li>`,
          )}
        </ul>
      </div>`
  }

  private fill(): void {
    this.tell(JSON.stringify(tensorsToJson(seededInputs(this.manifest, EXAMPLE_SEED))))
  }

  private tell(text: string): void {
    this.dispatchEvent(new CustomEvent('moot-numbers', { detail: text, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-numbers': MootNumbers
  }
  interface HTMLElementEventMap {
    'moot-numbers': CustomEvent<string>
  }
}
