import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'

/** Milliseconds for which the button says that it copied: long enough to read. */
const SAID_FOR = 2_000

/** A button that copies text, and says so. */
@customElement('moot-copy')
export class MootCopy extends LitElement {
  static override readonly styles = [base, controls]

  @property() label = 'Copy'
  @property({ attribute: false }) text = ''
  @state() private said = ''
  private timer: ReturnType<typeof setTimeout> | undefined

  override render(): TemplateResult {
    return html`<button class="slim" @click=${this.copy}>
      ${icon(this.said === 'Copied' ? 'holds' : 'copy')}<span role="status">${this.said || this.label}</span>
    </button>`
  }

  override disconnectedCallback(): void {
    clearTimeout(this.timer)
    super.disconnectedCallback()
  }

  private async copy(): Promise<void> {
    const copied = await navigator.clipboard.writeText(this.text).then(
      () => true,
      () => false,
    )
    this.said = copied ? 'Copied' : 'This browser would not copy'
    clearTimeout(this.timer)
    this.timer = setTimeout(() => (this.said = ''), SAID_FOR)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-copy': MootCopy
  }
}
