import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { MAX_MODEL } from '../domain/manifest.ts'
import type { ModelSummary, Peer, Transfer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, hostingContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import type { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import { fractionOf, titleOf, transferWords } from './models/model-words.ts'
import { isRunnable } from './models/size.ts'
import { styles } from './moot-model-bar.styles.ts'
import { faultNote } from './notes.ts'
import { linkTo } from './route.ts'
import { byteSize } from './words.ts'

/**
 * What can be done with a model at once: ask it, and bring it here; and what comes of that.
 *
 * @slot - Further actions, beside these.
 */
@customElement('moot-model-bar')
export class MootModelBar extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks
  @consume({ context: hostingContext }) hosting!: Hosting
  @property({ attribute: false }) model!: ModelSummary
  /** The one on a screen of its own: its first action stands out. */
  @property({ type: Boolean }) alone = false

  constructor() {
    super()
    void new Subscription(this, () => this.hosting)
  }

  override render(): TemplateResult {
    const { model } = this
    const name = titleOf(model.manifest)
    return html`<div class="row">
        ${
          isRunnable(model)
            ? html`<button class=${this.alone ? 'primary' : 'slim'} aria-label=${`Ask ${name}`} @click=${this.ask}>
                ${icon('ask')}Ask
              </button>`
            : nothing
        }
        ${this.renderKeep(name)}
        <slot></slot>
      </div>
      ${
        isRunnable(model)
          ? nothing
          : html`<p class="small soft">
              Too large for a tab to run (more than ${byteSize(MAX_MODEL)}): the room keeps it and passes it on.
            </p>`
      }
      ${model.transfer ? this.renderTransfer(model.transfer, name) : nothing}
      ${faultNote(this.hosting.faultOf(model.id) ?? (model.transfer ? undefined : model.fault))}`
  }

  private renderKeep(name: string): TemplateResult | typeof nothing {
    const { model, hosting } = this
    const slim = this.alone ? '' : 'slim'
    if (hosting.isKeeping(model.id))
      return html`<button class=${slim} aria-label=${`Stop: ${name}`} @click=${() => hosting.stopKeeping(model.id)}>
        ${icon('clear')}Stop
      </button>`
    if (model.cached || model.transfer) return nothing
    return html`<button class=${slim} aria-label=${`Keep here: ${name}`} @click=${() => hosting.keep(model.id)}>
      ${icon('download')}Keep here
    </button>`
  }

  private renderTransfer(transfer: Transfer, name: string): TemplateResult {
    const fraction = fractionOf(transfer)
    const label = `${name}, on its way`
    return html`<div class="transfer">
      ${
        fraction === undefined
          ? html`<progress aria-label=${label}></progress>`
          : html`<progress aria-label=${label} max="1" .value=${fraction}></progress>`
      }
      <p class="small soft">${transferWords(transfer)}</p>
    </div>`
  }

  private ask(): void {
    this.asks.draft = { ...this.asks.draft, model: this.model.id }
    location.hash = linkTo(this.peer.view.room, { name: 'ask' })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-model-bar': MootModelBar
  }
}
