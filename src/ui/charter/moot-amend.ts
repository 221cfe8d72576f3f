import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Charter } from '../../domain/charter/charter.ts'
import type { Clause } from '../../domain/charter/clauses.ts'
import { clauseSentence } from '../../domain/charter/clauses.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { ForkPreview } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { faultNote, waiting, warning } from '../notes.ts'
import { linkTo } from '../route.ts'
import { segments } from '../segments.ts'
import { stoneMark } from '../stone-mark.ts'
import { charterName, cut } from '../words.ts'
import { differenceTable, keepsList, labelNotes } from './charter-parts.ts'
import { changeWords, PARTS } from './charter-words.ts'
import { charterStyles } from './charter.styles.ts'
import {
  choicesOf,
  draftOf,
  EDITABLE_CLAUSES,
  fieldText,
  kindOf,
  readField,
  unreadable,
  withTexts,
  withValue,
  type Texts,
} from './draft-charter.ts'
import { styles } from './moot-amend.styles.ts'
import { rejoin } from './rejoin.ts'

/** Characters of a reason, as in a PROPOSE; of a title, as a charter takes it. */
const MAX_REASON = 280
const MAX_TITLE = 60
/** Peers that can be invited as authors: a charter takes 16, whoever makes it included. */
const MOST_INVITED = 15

/**
 * Changing the charter: the rules that people change, as fields; then what that changes and what one keeps; then proposing it to all, or
 * going by it at once.
 *
 * @fires moot-rejoin - It was forked: the room is joined again under it.
 */
@customElement('moot-amend')
export class MootAmend extends LitElement {
  static override readonly styles = [base, controls, charterStyles, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Proposed to all, or forked by this peer alone. */
  @state() private alone = false
  /** What the fields say, by the path of their clause; those that were not touched say what holds. */
  @state() private texts: Texts = {}
  @state() private invited: readonly PeerId[] = []
  @state() private reason = ''
  /** What was looked at, and may be signed: a change of any field takes it away. */
  @state() private drafted: Charter | undefined
  @state() private proposed = false
  private readonly looking = new Task<ForkPreview>(this)
  private readonly signing = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room, charter } = this.peer.view
    const here = this.peer.governance.view.charters.find(({ id }) => id === charter.id)
    return html`<a class="back" href=${linkTo(room, { name: 'charter' })}>${icon('back')}The charter of this room</a>
      <header>
        <h1 tabindex="-1">Amend or fork</h1>
        <p class="lead">
          ${here ? changeWords(here.charter) : `The text of ${charterName(charter)} is not here yet, so nothing can be changed in it.`}
        </p>
      </header>
      ${here ? this.renderForm(here.charter) : nothing}`
  }

  private renderForm(charter: Charter): TemplateResult {
    const wrong = unreadable(this.texts, charter)
    const parts = [...new Set(EDITABLE_CLAUSES.map(({ number }) => number.split('.')[0] ?? ''))]
    return html`<section class="card" aria-label="How">
        <fieldset>
          ${segments('how', 'How', [
            ['Propose it to all', !this.alone, () => this.edit({ alone: false })],
            ['Fork, for myself', this.alone, () => this.edit({ alone: true })],
          ])}
        </fieldset>
        <p class="soft">
          ${
            this.alone
              ? 'You go by the new charter at once, and so does whoever follows. All others stay where they are, and so do their cases.'
              : 'Sponsors, then a notice, then signing. Until you sign it yourself you stay where you are.'
          }
        </p>
      </section>
      <form class="card" @submit=${(event: SubmitEvent) => this.look(event, charter)}>
        ${parts.map(
          (part) =>
            html`<fieldset class="part">
              <legend>${PARTS[part] ?? part}</legend>
              <div class="fields">
                ${EDITABLE_CLAUSES.filter(({ number }) => number.split('.')[0] === part).map((clause) =>
                  this.renderField(clause, charter),
                )}
              </div>
            </fieldset>`,
        )}
        ${this.renderAuthors()}
        ${wrong.length > 0 ? warning(`These could not be read: ${wrong.map(({ name }) => name.toLowerCase()).join(', ')}.`) : nothing}
        <div class="row">
          <button ?disabled=${wrong.length > 0 || this.looking.pending}>${icon('eye')}See what it changes</button>
        </div>
      </form>
      ${this.looking.slow ? waiting('Working out what it changes') : nothing} ${faultNote(this.looking.fault)}
      ${this.looking.value && this.drafted ? this.renderPreview(this.looking.value, this.drafted) : nothing}`
  }

  private renderField(clause: Clause, charter: Charter): TemplateResult {
    const { path, name, number, unit } = clause
    const id = path.replace('.', '-')
    const text = this.texts[path] ?? fieldText(clause, charter)
    const kind = kindOf(clause)
    const put = (event: Event) => {
      const { value } = event.target as HTMLInputElement
      this.edit({ texts: { ...this.texts, [path]: value } })
    }
    const changed = this.texts[path] !== undefined && this.texts[path] !== fieldText(clause, charter)
    return html`<div class=${changed ? 'field changed' : 'field'}>
      <label for=${id}><span class="number">${number}</span> ${name}${kind === 'percent' ? ', in percent' : ''}</label>
      ${
        kind === 'choice'
          ? html`<select id=${id} @change=${put} aria-describedby=${`${id}-says`}>
              ${choicesOf(clause, charter).map(
                ({ value, words }) =>
                  html`<option value=${String(value)} ?selected=${String(value) === text}>${words}</option>`,
              )}
            </select>`
          : html`<input
              id=${id}
              type="text"
              dir="auto"
              inputmode=${kind === 'text' ? 'text' : unit === 'seats' ? 'text' : 'decimal'}
              maxlength=${MAX_TITLE}
              aria-describedby=${`${id}-says`}
              .value=${text}
              @input=${put}
            />`
      }
      <p class="small soft" id=${`${id}-says`}>${this.says(clause, charter, text)}</p>
    </div>`
  }

  /** What the rule says with what is in its field. */
  private says(clause: Clause, charter: Charter, text: string): string {
    const value = readField(clause, text, charter)
    if (value === undefined) return 'This could not be read.'
    return cut(clauseSentence(clause, withValue(charter, clause.path, value)), 200)
  }

  /** Whose words it is: of a fork, this peer's and those whom it invites. */
  private renderAuthors(): TemplateResult | typeof nothing {
    const peers = this.peer.view.peers.filter(({ blocked }) => !blocked).slice(0, MOST_INVITED)
    if (!this.alone || peers.length === 0) return nothing
    return html`<fieldset class="part">
      <legend>Written with you</legend>
      <p class="small soft">
        You are its author. Whom you name here is invited to sign as an author too; until they do they are named only.
        Introducer trees begin with the authors.
      </p>
      <div class="invited">
        ${peers.map(
          ({ id, nickname }) =>
            html`<label title=${id}
              ><input
                type="checkbox"
                .checked=${this.invited.includes(id)}
                @change=${() => this.invite(id)}
              />${stoneMark(id)}${nickname}</label
            >`,
        )}
      </div>
    </fieldset>`
  }

  private renderPreview(preview: ForkPreview, draft: Charter): TemplateResult {
    const nothingChanged = preview.differences.length === 0
    return html`<section class="card" aria-labelledby="preview">
      <h2 id="preview" tabindex="-1">What it changes</h2>
      ${differenceTable(preview.differences)} ${labelNotes(preview.labels)}
      ${
        this.alone
          ? html`<h2>What you keep if you fork</h2>
              ${keepsList(preview)}`
          : nothing
      }
      ${faultNote(this.signing.fault)}
      ${this.alone ? this.renderFork(draft, nothingChanged) : this.renderProposal(draft, nothingChanged)}
    </section>`
  }

  private renderFork(draft: Charter, nothingChanged: boolean): TemplateResult {
    return html`<div class="row">
        <button class="primary" ?disabled=${nothingChanged || this.signing.pending} @click=${() => this.fork(draft)}>
          ${icon('fork')}Fork: sign it and go by it
        </button>
      </div>
      <p class="small soft">
        The room is joined again under it: answers on screen are gone then, unless you exported their receipts. Its link
        names the charter, so that others can follow.
      </p>`
  }

  private renderProposal(draft: Charter, nothingChanged: boolean): TemplateResult {
    if (this.proposed)
      return html`<p role="status">
        <strong>It is proposed.</strong>
        <a href=${linkTo(this.peer.view.room, { name: 'charter' })}>See how it stands</a>
      </p>`
    return html`<div>
        <label for="reason">Why: all in this room can read it</label>
        <textarea
          id="reason"
          dir="auto"
          rows="3"
          maxlength=${MAX_REASON}
          .value=${this.reason}
          @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </div>
      <div class="row">
        <button
          class="primary"
          ?disabled=${nothingChanged || this.reason.trim() === '' || this.signing.pending}
          @click=${() => this.propose(draft)}
        >
          ${icon('charter')}Propose it
        </button>
      </div>
      <p class="small soft">
        A proposal is signed and public. It binds only those who sign the charter that it proposes.
      </p>`
  }

  private edit(change: { alone?: boolean; texts?: Texts; invited?: readonly PeerId[] }): void {
    Object.assign(this, change)
    this.drafted = undefined
    this.proposed = false
    this.looking.cancel()
  }

  private invite(peer: PeerId): void {
    const invited = this.invited.includes(peer) ? this.invited.filter((each) => each !== peer) : [...this.invited, peer]
    this.edit({ invited })
  }

  private async look(event: SubmitEvent, charter: Charter): Promise<void> {
    event.preventDefault()
    const { id } = this.peer.view.charter
    const authors = this.alone ? { authors: [this.peer.id, ...this.invited] } : {}
    const draft = withTexts(draftOf(charter, { id, ...authors }), this.texts, charter)
    this.drafted = draft
    await this.looking.run(() => this.peer.governance.preview(draft))
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#preview')?.focus()
  }

  private fork(draft: Charter): void {
    void this.signing.run(async () => {
      const id = await this.peer.governance.fork(draft)
      rejoin(this, id, 'authored')
    })
  }

  private propose(draft: Charter): void {
    void this.signing.run(async () => {
      await this.peer.governance.propose(draft, this.reason.trim())
      this.proposed = true
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-amend': MootAmend
  }
}
