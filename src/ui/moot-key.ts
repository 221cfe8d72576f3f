import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { sentence } from '../domain/fault.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import type { GoneKey } from './joining.ts'
import './moot-copy.ts'
import { styles } from './moot-key.styles.ts'
import { movingWords } from './moving-words.ts'
import { faultNote, waiting, warning } from './notes.ts'
import { stoneMark } from './stone-mark.ts'

/** Characters of a file's name. */
const NAME_LENGTH = 64

/**
 * The key that this tab signs with, the ways to take it elsewhere or be rid of it, and the way out.
 *
 * @fires moot-leave - A `CustomEvent<GoneKey | null>`: a person wants to leave the room; with a key that is no longer on this device.
 */
@customElement('moot-key')
export class MootKey extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** What a person is about to do with it. */
  @state() private about: 'move' | 'forget' | undefined
  /** Its file is in the person's hands, and the key is still here. */
  @state() private saved: GoneKey['saved']
  private readonly working = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { id, nickname } = this.peer.view
    return html`<h2>Key</h2>
      <p class="row">${stoneMark(id, '2em')}<strong>${nickname}</strong></p>
      <p class="key"><code>${id}</code></p>
      <p class="small soft">
        The name and the stone are made from the key, for people to speak of. Two keys may share a name.
      </p>
      <div class="row">
        <moot-copy label="Copy key" .text=${id}></moot-copy>
        <button class="slim" @click=${() => this.leave(null)}>Leave the room</button>
      </div>
      ${this.about ? this.renderQuestion(this.about, nickname) : this.renderWays()}
      ${this.working.slow ? waiting(this.saved ? 'Deleting the key here' : 'Writing the file') : nothing}
      ${this.renderFault()}`
  }

  private renderWays(): TemplateResult {
    return html`<div class="row">
      <button class="slim" @click=${() => this.ask('move')}>${icon('key')}Move this key to another device</button>
      <button class="slim plain" @click=${() => this.ask('forget')}>Forget this key</button>
    </div>`
  }

  private renderQuestion(about: 'move' | 'forget', nickname: string): TemplateResult {
    const { pending } = this.working
    const moves = about === 'move'
    return html`<div class="question" role="group" aria-labelledby="question">
      <h3 id="question" tabindex="-1">
        ${moves ? 'The file is the key: whoever has it is you.' : 'A key that is forgotten is gone for good.'}
      </h3>
      ${
        moves
          ? html`<ul>
              ${movingWords(this.peer.governance.view.ledger.entries).map((words) => html`<li>${words}</li>`)}
            </ul>`
          : html`<p>
              What ${nickname} signed stays with others, and nobody can sign in that name again. Whoever joins from here
              next has a new key.
            </p>`
      }
      <div class="row">
        <button ?disabled=${pending} @click=${() => this.go(about)}>${this.goWords(about, nickname)}</button>
        ${
          this.saved
            ? nothing
            : html`<button class="plain" ?disabled=${pending} @click=${() => this.ask(undefined)}>Keep it here</button>`
        }
      </div>
    </div>`
  }

  private goWords(about: 'move' | 'forget', nickname: string): string {
    if (this.saved) return 'Try again to forget it here'
    return about === 'move' ? 'Save the file and forget the key here' : `Forget ${nickname}`
  }

  private renderFault(): TemplateResult | typeof nothing {
    const { fault } = this.working
    if (fault === undefined || this.saved === undefined) return faultNote(fault)
    const why = fault.code === 'STORAGE_UNAVAILABLE' ? `${fault.why}.` : sentence(fault)
    return warning(
      `The file was saved, and the key is still on this device too: ${why} Do not bring the file anywhere until the key is gone here: ` +
        "try again, or clear this site's data in the browser. Or keep the key here: delete the file, and load this page again.",
    )
  }

  private ask(about: 'move' | 'forget' | undefined): void {
    this.about = about
    this.working.fault = undefined
    if (about) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#question')?.focus())
  }

  /** The key is deleted only once its file has been handed to the browser, and the room is left only once it is deleted. */
  private go(about: 'move' | 'forget'): void {
    const { governance, view } = this.peer
    void this.working.run(async () => {
      if (about === 'move') this.saved ??= this.save(await governance.moveKey())
      await governance.forgetKey()
      this.leave({ nickname: view.nickname, ...(this.saved ? { saved: this.saved } : {}) })
    })
  }

  private save(file: Uint8Array): NonNullable<GoneKey['saved']> {
    const { nickname, room } = this.peer.view
    const name = `moot-key-${nickname}-${room}`.replace(/[^\w-]/g, '_').slice(0, NAME_LENGTH)
    download(file, `${name}.moot`)
    return { file, name: `${name}.moot` }
  }

  private leave(detail: GoneKey | null): void {
    this.dispatchEvent(new CustomEvent('moot-leave', { detail, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-key': MootKey
  }
  interface HTMLElementEventMap {
    'moot-leave': CustomEvent<GoneKey | null>
  }
}
