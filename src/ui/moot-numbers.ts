import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Fault } from '../domain/fault.ts'
import type { Manifest } from '../domain/manifest.ts'
import { seededInputs } from '../domain/seeded-inputs.ts'
import { tensorsToJson } from '../domain/tensor-json.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-numbers.styles.ts'
import { faultNote } from './notes.ts'
import { cut } from './words.ts'

/** Characters of the longest text that is taken: more makes a text field stand still, and is no longer for people. */
const MAX_TYPED = 4 * 1024 * 1024
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
  @state() private fault: Fault | undefined

  override render(): TemplateResult {
    const { inputs } = this.manifest
    return html`<label for="json">Tensors, as JSON</label>
      <textarea
        id="json"
        spellcheck="false"
        autocomplete="off"
        placeholder=${`{ "${inputs[0]?.name ?? 'input'}": { "dtype": "float32", "dims": [1, 2], "data": [0.5, "NaN"] } }`}
        .value=${live(this.text)}
        @beforeinput=${this.refuse}
        @input=${this.take}
      ></textarea>
      ${faultNote(this.fault)}
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

  /** Too much at once, typed, pasted or dropped, never reaches the field. */
  private refuse(event: InputEvent): void {
    const length = (event.data ?? event.dataTransfer?.getData('text/plain') ?? '').length
    if (this.isTooLong(this.text.length + length)) event.preventDefault()
  }

  private take({ target }: Event): void {
    const field = target as HTMLTextAreaElement
    if (this.isTooLong(field.value.length)) field.value = this.text
    else this.tell(field.value)
  }

  private isTooLong(length: number): boolean {
    const isTooLong = length > MAX_TYPED
    this.fault = isTooLong ? { code: 'TOO_LARGE', what: 'JSON', bytes: length, limit: MAX_TYPED } : undefined
    return isTooLong
  }

  private fill(): void {
    const text = JSON.stringify(tensorsToJson(seededInputs(this.manifest, EXAMPLE_SEED)))
    if (!this.isTooLong(text.length)) this.tell(text)
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
