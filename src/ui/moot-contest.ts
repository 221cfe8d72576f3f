import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-contest.styles.ts'
import { faultNote } from './notes.ts'

/** Characters of a note, as in a CONTEST. */
const MAX_NOTE = 280

/**
 * Objecting to an answer, with a note for whoever reads of it.
 *
 * @fires moot-close - It was contested, or the person thought better of it.
 */
@customElement('moot-contest')
export class MootContest extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Hex. */
  @property() job = ''
  private readonly contesting = new Task<void>(this)

  override render(): TemplateResult {
    const { pending, fault } = this.contesting
    return html`<div class="card">
      <p>Tabs will run it again on the reference engine. Arithmetic decides; nobody is believed.</p>
      <label for="note">Why, if you like: all in this room can read it</label>
      <textarea id="note" dir="auto" rows="2" maxlength=${MAX_NOTE}></textarea>
      ${faultNote(fault)}
      <div class="row">
        <button class="primary" ?disabled=${pending} @click=${this.contest}>Contest it</button>
        <button class="plain" @click=${this.close}>Leave it</button>
      </div>
    </div>`
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('textarea')?.focus()
  }

  private async contest(): Promise<void> {
    const note = this.renderRoot.querySelector('textarea')?.value.trim() ?? ''
    await this.contesting.run(() => this.peer.contest(this.job, note))
    if (this.contesting.fault === undefined) this.close()
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('moot-close'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-contest': MootContest
  }
  interface HTMLElementEventMap {
    'moot-close': CustomEvent<null>
  }
}
