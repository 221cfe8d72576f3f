import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-words.styles.ts'

/** Characters of the longest text taken: more than any model here reads. */
const MAX_TYPED = 64 * 1024

/**
 * A text to ask about.
 *
 * @fires moot-words - A `CustomEvent<string>`: the text changed.
 */
@customElement('moot-words')
export class MootWords extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) text = ''
  /** Tokens that the model reads at most. */
  @property({ attribute: false }) most = 0

  override render(): TemplateResult {
    return html`<label for="words">Text</label>
      <textarea
        id="words"
        dir="auto"
        maxlength=${MAX_TYPED}
        placeholder="What should the model read?"
        .value=${live(this.text)}
        @input=${this.tell}
      ></textarea>
      <p class="small soft">Cut into tokens on this device: ${this.most} at most, what is longer loses its end.</p>`
  }

  private tell({ target }: Event): void {
    const { value } = target as HTMLTextAreaElement
    this.dispatchEvent(new CustomEvent('moot-words', { detail: value, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-words': MootWords
  }
  interface HTMLElementEventMap {
    'moot-words': CustomEvent<string>
  }
}
