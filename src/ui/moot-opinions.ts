import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ModelSummary, Opinion, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { shortKey } from './models/model-words.ts'
import { styles } from './moot-opinions.styles.ts'
import { faultNote } from './notes.ts'
import { stoneMark } from './stone-mark.ts'
import { cut } from './words.ts'

/** Characters of the longest reason, as `Models.judge` takes it. */
const MAX_REASON = 280
/** Opinions listed; more are counted. */
const SHOWN = 20

/** What the room says of a model, signed, and the way to say something oneself. */
@customElement('moot-opinions')
export class MootOpinions extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) model!: ModelSummary
  /** What is about to be said. */
  @state() private stand: Opinion['stand'] | undefined
  @state() private reason = ''
  private readonly signing = new Task<void>(this)

  override render(): TemplateResult {
    const { opinions } = this.model
    const mine = opinions.find(({ peer }) => peer === this.peer.id)
    return html`<h2 tabindex="-1">What the room says</h2>
      ${
        opinions.length === 0
          ? html`<p class="soft">Nobody has endorsed or flagged it yet.</p>`
          : html`<ul>
              ${opinions.slice(0, SHOWN).map((opinion) => this.renderOpinion(opinion))}
            </ul>`
      }
      ${opinions.length > SHOWN ? html`<p class="small soft">and ${opinions.length - SHOWN} more</p>` : nothing}
      ${this.stand ? this.renderForm(this.stand) : this.renderChoice(mine)} ${faultNote(this.signing.fault)}
      <p class="small soft">
        An opinion is signed with the key of whoever says it. Keys are free: count them with care.
      </p>`
  }

  private renderOpinion({ peer, nickname, stand, reason }: Opinion): TemplateResult {
    const flags = stand === 'flags'
    return html`<li class=${stand}>
      ${icon(flags ? 'flag' : 'holds')}
      <div>
        <p class="who small" title=${peer}>
          ${stoneMark(peer, '1.35em')}<span>${nickname}${peer === this.peer.id ? ' (you)' : ''}</span>
          <code>${shortKey(peer)}</code> <span class="soft">${flags ? 'flags it' : 'endorses it'}</span>
        </p>
        ${reason === '' ? nothing : html`<p dir="auto">${cut(reason, MAX_REASON)}</p>`}
      </div>
    </li>`
  }

  private renderChoice(mine: Opinion | undefined): TemplateResult {
    return html`<div class="row">
      ${
        mine
          ? html`<button class="slim" ?disabled=${this.signing.pending} @click=${() => this.judge(undefined)}>
              ${icon('undo')}Take my word back
            </button>`
          : nothing
      }
      ${
        mine?.stand === 'endorses'
          ? nothing
          : html`<button class="slim" @click=${() => this.open('endorses')}>${icon('holds')}Endorse</button>`
      }
      ${
        mine?.stand === 'flags'
          ? nothing
          : html`<button class="slim" @click=${() => this.open('flags')}>${icon('flag')}Flag</button>`
      }
    </div>`
  }

  private renderForm(stand: Opinion['stand']): TemplateResult {
    const flags = stand === 'flags'
    return html`<form @submit=${this.submit}>
      <label for="reason">${flags ? 'What is wrong with it' : 'Why you endorse it, if you like'}</label>
      <textarea
        id="reason"
        dir="auto"
        rows="3"
        maxlength=${MAX_REASON}
        ?required=${flags}
        aria-describedby="room"
        .value=${this.reason}
        @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value)}
      ></textarea>
      <p class="small soft" id="room">
        ${MAX_REASON - this.reason.length} characters left. All in the room can read it.
      </p>
      <div class="row">
        <button class="primary" ?disabled=${this.signing.pending}>
          ${flags ? 'Sign the flag' : 'Sign the endorsement'}
        </button>
        <button type="button" class="plain" @click=${this.close}>Not now</button>
      </div>
    </form>`
  }

  private open(stand: Opinion['stand']): void {
    this.stand = stand
    this.reason = ''
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus())
  }

  /** What had the focus is gone: it goes to the heading. */
  private close(): void {
    this.stand = undefined
    this.renderRoot.querySelector('h2')?.focus()
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault()
    this.judge(this.stand)
  }

  private judge(stand: Opinion['stand'] | undefined): void {
    void this.signing.run(async () => {
      await this.peer.models.judge(this.model.id, stand, stand && this.reason.trim())
      this.close()
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-opinions': MootOpinions
  }
}
