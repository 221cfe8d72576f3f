import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { shortCid } from '../../domain/charter/clause-words.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { CharterView } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import '../moot-copy.ts'
import { faultNote, note } from '../notes.ts'
import { linkTo } from '../route.ts'
import { stoneMark } from '../stone-mark.ts'
import { charterName, cut } from '../words.ts'
import { clauseList, labelNotes } from './charter-parts.ts'
import { authorsWords, changeWords, gradesWords, membersWords, mineWords } from './charter-words.ts'
import { charterStyles } from './charter.styles.ts'
import './moot-amendment.ts'
import { styles } from './moot-charter.styles.ts'

/** Charters and authors listed: a room that forked more often is counted. */
const MOST_SHOWN = 32
/** Characters shown of a CID. */
const ID_SHOWN = 16

/**
 * What this room goes by: its rules, who wrote and who signed them, what is proposed, and what others here go by.
 * @fires moot-leave - A `CustomEvent<null>`: a person has left the charter, and with it the room.
 */
@customElement('moot-charter')
export class MootCharter extends LitElement {
  static override readonly styles = [base, controls, charterStyles, styles]

  @consume({ context: peerContext }) peer!: Peer
  @state() private isLeaving = false

  private readonly exiting = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { charter, room } = this.peer.view
    const { charters, proposals, fault, ready } = this.peer.governance.view
    const here = charters.find(({ id }) => id === charter.id)
    const others = charters.filter(({ id }) => id !== charter.id)
    return html`<header>
        <h1 tabindex="-1">${charterName(charter)}</h1>
        ${
          here
            ? html`<p class="lead">What this room goes by. ${mineWords(here.mine)}</p>`
            : html`<p class="lead">The text of this charter is not here yet.</p>
                <p>
                  It comes from whoever holds it, once one of them is here. Until you have read and signed it you look
                  on.
                </p>`
        }
      </header>
      ${faultNote(fault)} ${ready ? nothing : note('Reading the records of this room.')}
      ${here ? labelNotes(here.labels) : nothing} ${this.renderInvitations(room)}
      ${here ? this.renderFacts(room, here) : nothing}
      ${proposals.length > 0 ? html`<h2 id="proposals">Proposed changes</h2>` : nothing}
      ${proposals
        .slice(0, MOST_SHOWN)
        .map((proposal) => html`<moot-amendment class="card" .proposal=${proposal}></moot-amendment>`)}
      ${others.length > 0 ? this.renderOthers(room, others) : nothing}
      ${
        here
          ? html`<section class="card" aria-labelledby="rules">
              <h2 id="rules">The rules</h2>
              ${clauseList(here.charter)}
            </section>`
          : nothing
      }`
  }

  private renderFacts(room: string, here: CharterView): TemplateResult {
    const { id, charter, members, mine } = here
    return html`<section class="card" aria-label="About this charter">
      <dl class="facts">
        <dt>Members</dt>
        <dd>${membersWords(members)} here. <span class="soft">${gradesWords(here.grades)}</span></dd>
        <dt>Authors</dt>
        <dd>${authorsWords(here)} ${this.renderAuthors(here)}</dd>
        <dt>Changed by</dt>
        <dd>${changeWords(charter)}</dd>
        <dt>Comes from</dt>
        <dd>
          ${charter.parents.length === 0 ? 'no other charter' : charter.parents.map((parent) => this.renderName(room, parent))}
        </dd>
        <dt>Opens with the app</dt>
        <dd>
          ${
            here.shipped
              ? 'yes: a new tab goes by it, because whoever builds the app chose so'
              : 'no: only a link that names it leads here'
          }
        </dd>
        <dt>Its name</dt>
        <dd><code title=${id}>${cut(id, ID_SHOWN)}</code> <moot-copy label="Copy" .text=${id}></moot-copy></dd>
      </dl>
      <div class="row">
        ${
          mine === 'none'
            ? html`<a class="button" href=${linkTo(room, { name: 'charter-text', id })}
                >${icon('charter')}Read and sign</a
              >`
            : nothing
        }
        <a class="button" href=${linkTo(room, { name: 'amend' })}>${icon('fork')}Amend or fork</a>
        <a class="button" href=${linkTo(room, { name: 'defaults' })}>${icon('eye')}Defaults, and who set them</a>
        ${mine === 'none' ? nothing : this.renderExit()}
      </div>
      ${faultNote(this.exiting.fault)}
    </section>`
  }

  /** Asked once more: it is signed, and ends what goes on under the charter. */
  private renderExit(): TemplateResult {
    if (!this.isLeaving)
      return html`<button class="quiet" @click=${() => (this.isLeaving = true)}>Leave this charter</button>`
    return html`<button ?disabled=${this.exiting.pending} @click=${() => this.exit()}>Sign that I leave it</button>
      <button class="quiet" @click=${() => (this.isLeaving = false)}>Stay</button>
      <span class="small soft">You leave the room as well. Joining it again signs the charter anew.</span>`
  }

  private async exit(): Promise<void> {
    await this.exiting.run(() => this.peer.governance.exit())
    if (this.exiting.fault === undefined)
      this.dispatchEvent(new CustomEvent('moot-leave', { detail: null, bubbles: true, composed: true }))
  }

  private renderAuthors({ charter, signedBy }: CharterView): TemplateResult | typeof nothing {
    if (charter.authors.length === 0) return nothing
    return html`<ul class="people">
      ${charter.authors.slice(0, MOST_SHOWN).map(
        (author) =>
          html`<li title=${author}>
            ${stoneMark(author)}${nicknameOf(author)}
            <span class="small soft">${signedBy.includes(author) ? 'signed' : 'named only'}</span>
          </li>`,
      )}
    </ul>`
  }

  private renderInvitations(room: string): readonly TemplateResult[] {
    const { invitations, charters } = this.peer.governance.view
    return invitations.slice(0, MOST_SHOWN).map((id) => {
      const known = charters.find((each) => each.id === id)
      return note(
        html`You are named as an author of
          <strong title=${id}>${known ? charterName(known.charter) : cut(id, ID_SHOWN)}</strong>, and have not signed
          it. <a href=${linkTo(room, { name: 'charter-text', id })}>Read it</a>`,
        'charter',
      )
    })
  }

  private renderOthers(room: string, others: readonly CharterView[]): TemplateResult {
    return html`<section class="card" aria-labelledby="others">
      <h2 id="others">Other charters known here</h2>
      <p class="soft">A majority binds only those who signed. Whoever does not agree goes by another charter.</p>
      <ul class="charters">
        ${others.slice(0, MOST_SHOWN).map(
          ({ id, charter, members, mine, shipped }) =>
            html`<li>
              <a href=${linkTo(room, { name: 'charter-text', id })}>
                <strong dir="auto">${charterName(charter)}</strong>
                <span class="small soft"
                  ><code title=${id}>${shortCid(id)}</code> ·
                  ${membersWords(members)}${shipped ? ' · opens with the app' : ''}${mine === 'none' ? '' : ' · signed by you'}</span
                >
                <span class="small">Compare</span>
              </a>
            </li>`,
        )}
      </ul>
      ${others.length > MOST_SHOWN ? html`<p class="small soft">and ${others.length - MOST_SHOWN} more</p>` : nothing}
    </section>`
  }

  private renderName(room: string, id: string): TemplateResult {
    const known = this.peer.governance.view.charters.find((each) => each.id === id)
    return html`<a href=${linkTo(room, { name: 'charter-text', id })} title=${id}
      >${known ? charterName(known.charter) : cut(id, ID_SHOWN)}</a
    > `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-charter': MootCharter
  }
}
