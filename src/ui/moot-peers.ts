import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Peer, RoomReceipt } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import './moot-contest.ts'
import './moot-invite.ts'
import './moot-peer-ring.ts'
import './moot-peer-table.ts'
import './moot-trust.ts'
import { styles } from './moot-peers.styles.ts'
import { note } from './notes.ts'
import { linkTo } from './route.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { charterName, cut, listed, receiptWords } from './words.ts'

/** Characters shown of a relay's address: as far as its port. */
const ADDRESS_SHOWN = 40
/** Receipts of the room that are listed. */
const RECEIPTS_SHOWN = 8

/** Who is here, how they are reached, and what the room decided of late. */
@customElement('moot-peers')
export class MootPeers extends LitElement {
  static override readonly styles = [base, controls, tones, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** CID of the charter that the link asks for: the tab may look on under another until its text is here. */
  @property({ attribute: false }) asked: string | undefined
  /** The job over which a person is writing an objection. */
  @state() private contesting: string | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { view } = this.peer
    const relayed = view.peers.filter((peer) => peer.path === 'relay' && !peer.blocked)
    return html`<h1 tabindex="-1">${heading(view.peers.length)}</h1>
      <div class="top">
        <moot-peer-ring .view=${view}></moot-peer-ring>
        <div class="stack">
          <dl>
            <dt>Room</dt>
            <dd>${view.room}</dd>
            <dt>Charter</dt>
            <dd title=${view.charter.id}>
              <a href=${linkTo(view.room, { name: 'charter' })}>${charterName(view.charter)}</a>
            </dd>
            <dt>Relay</dt>
            <dd>${relayWords(view.relays)}</dd>
          </dl>
          ${
            relayed.length > 0
              ? note(`No direct path to ${listed(relayed.map((peer) => peer.nickname))}. Using the relay.`)
              : nothing
          }
          <moot-invite .room=${view.room} .charter=${this.asked ?? view.charter.id}></moot-invite>
        </div>
      </div>
      ${
        view.peers.length > 0
          ? html`<section class="card" aria-label="Peers"><moot-peer-table></moot-peer-table></section>`
          : note(html`You're the only tab: answers will say <em>one tab</em>.`)
      }
      <moot-trust class="card"></moot-trust>
      <section class="card">
        <h2>How asks ended in this room</h2>
        ${
          view.receipts.length === 0
            ? html`<p class="soft">Nothing yet.</p>`
            : html`<ol>
                ${view.receipts.slice(0, RECEIPTS_SHOWN).map((receipt) => this.renderReceipt(receipt))}
              </ol>`
        }
      </section>`
  }

  /** Who took part in a job may object to how it ended. */
  private renderReceipt(receipt: RoomReceipt): TemplateResult {
    const { job, state: ended, mayContest } = receipt
    const close = () => (this.contesting = undefined)
    return html`<li data-tone=${toneOf(ended)}>
      ${stateMark(ended, 1.3)}
      <div>
        <span>${receiptWords(receipt)}</span>
        ${
          mayContest && this.contesting !== job
            ? html`<button class="slim" @click=${() => (this.contesting = job)}>${icon('disputes')}Contest</button>`
            : nothing
        }
        ${mayContest && this.contesting === job ? html`<moot-contest .job=${job} @moot-close=${close}></moot-contest>` : nothing}
      </div>
    </li>`
  }
}

const heading = (others: number): string =>
  others === 0 ? 'Only you are here' : `You and ${others} other${others === 1 ? '' : 's'}`

const relayWords = (relays: Peer['view']['relays']): unknown =>
  relays.length === 0
    ? 'none is known: nobody new can join'
    : relays.map(
        ({ address, connected }) =>
          html`<div>
            ${connected ? 'connected' : 'not reached'}
            <code class="soft" title=${address}>${cut(address, ADDRESS_SHOWN)}</code>
          </div>`,
      )

declare global {
  interface HTMLElementTagNameMap {
    'moot-peers': MootPeers
  }
}
