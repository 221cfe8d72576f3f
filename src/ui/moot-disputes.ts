import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { DisputeView, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { markOf, reasonWords, toneOfDispute } from './disputes/dispute-words.ts'
import { styles } from './moot-disputes.styles.ts'
import { refusalList } from './refusals.ts'
import { refusals } from './refusals.styles.ts'
import { linkTo } from './route.ts'
import { stateMark } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { disputeStep, isOpen, outcomeWords } from './contest-words.ts'
import { clock, cut } from './words.ts'

/** The contests of this room, open ones first: what each is about, who opened it and why, and how it stands. */
@customElement('moot-disputes')
export class MootDisputes extends LitElement {
  static override readonly styles = [base, controls, tones, refusals, styles]

  @consume({ context: peerContext }) peer!: Peer

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room, disputes, refused } = this.peer.view
    return html`<header>
        <h1 tabindex="-1">Disputes</h1>
        <p class="soft">
          Where answers differ, or a party objects, tabs run the job again on the reference engine. Arithmetic decides,
          and any tab can repeat it.
        </p>
      </header>
      ${
        disputes.length === 0
          ? html`<p class="empty">No disputes yet</p>`
          : html`<ol class="card">
              ${disputes.map((dispute) => this.renderDispute(room, dispute))}
            </ol>`
      }
      ${refusalList(refused)}`
  }

  private renderDispute(room: string, dispute: DisputeView): TemplateResult {
    const { job, modelName, openedBy, openedAt, reason, mine } = dispute
    return html`<li data-tone=${toneOfDispute(dispute)}>
      <a href=${linkTo(room, { name: 'dispute', id: job })}>
        <span class="mark">${stateMark(markOf(dispute), 1.5)}</span>
        <span class="what">
          <span class="state">${outcomeWords(dispute)}</span>
          ${isOpen(dispute) ? html`<span>${disputeStep(dispute)}</span>` : ''}
          <span class="small soft" title=${modelName}>
            ${cut(modelName, 40) || 'a model'} · ${nicknameOf(openedBy)} opened it at ${clock(openedAt)}:
            ${reasonWords(reason)}${mine ? ' · you are a party' : ''}
          </span>
        </span>
      </a>
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-disputes': MootDisputes
  }
}
