import { consume } from '@lit/context'
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Deviation } from '../domain/agreement.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { Peer, Rerun } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-rerun.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { engineName, milliseconds, plain } from './words.ts'

/**
 * Runs a receipt's model once more on this device, in the reference engine, and says which claims stand.
 *
 * @slot - Further actions, beside the button.
 */
@customElement('moot-rerun')
export class MootRerun extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** The receipt file. */
  @property({ attribute: false }) receipt!: Uint8Array
  private readonly running = new Task<Rerun>(this)

  override render(): TemplateResult {
    const { pending, slow, value, fault } = this.running
    return html`<div class="row">
        <button
          ?disabled=${pending}
          @click=${() => this.running.run((signal) => this.peer.rerun(this.receipt, { signal }))}
        >
          ${icon('again')}Re-run it here
        </button>
        <slot></slot>
      </div>
      ${slow ? waiting('Running the model again on this device') : ''} ${faultNote(fault)}
      ${value ? this.renderRerun(value) : ''}`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('receipt') || changed.get('receipt') === undefined) return
    this.running.cancel()
    this.running.value = undefined
    this.running.fault = undefined
  }

  private renderRerun({ claims, outputHash, computeMs }: Rerun): TemplateResult {
    const standing = claims.filter((claim) => claim.stands).length
    const open = claims.filter((claim) => claim.stands === undefined).length
    return html`<div class="card" role="status">
      <p>
        <strong>
          Run again here, on the reference CPU engine: ${standing} of ${claims.length} answers
          stand${open > 0 ? `; of ${open} there is too little in the file to say` : ''}
        </strong>
      </p>
      <ul>
        ${claims.map(
          ({ peer, engine, stands, deviation }) =>
            html`<li class=${stands === undefined ? 'absent' : stands ? '' : 'falls'}>
              ${icon(stands === undefined ? 'absent' : stands ? 'holds' : 'fails')}
              <span>${nicknameOf(peer)}, ${engineName(engine)}: ${standingWords(stands, deviation)}</span>
            </li>`,
        )}
      </ul>
      <p class="small soft">
        ${milliseconds(computeMs)} on this device · output hash
        <code title=${outputHash}>${outputHash.slice(0, 10)}</code>
      </p>
    </div>`
  }
}

function standingWords(stands: boolean | undefined, deviation: Deviation | undefined): string {
  if (stands === undefined) return 'its output is not at hand; its hash remains'
  const far = deviation === undefined ? '' : ` (difference ${plain(deviation.scaled)})`
  if (!stands) return `wrong, cause unknown: fault or deceit${far}`
  return deviation?.scaled === 0 ? 'stands, equal to the bit' : `stands, within rounding${far}`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-rerun': MootRerun
  }
}
