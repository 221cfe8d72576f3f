import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { shortCid } from '../../domain/charter/clause-words.ts'
import type { Grade } from '../../domain/ledger/entry.ts'
import type { CharterView, DifferenceView, ForkPreview } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { faultNote, waiting } from '../notes.ts'
import { linkTo } from '../route.ts'
import { charterName } from '../words.ts'
import { clauseList, differenceTable, keepsList, labelNotes } from './charter-parts.ts'
import { authorsWords, membersWords, mineWords } from './charter-words.ts'
import { charterStyles } from './charter.styles.ts'
import { rejoin } from './rejoin.ts'

/** Charters that one can be compared with. */
const MOST_CHOICES = 64

/**
 * One charter beside another: what it changes, what one would keep, the whole text, and signing it.
 *
 * @fires moot-rejoin - It was signed: the room is joined again under it.
 */
@customElement('moot-charter-text')
export class MootCharterText extends LitElement {
  static override readonly styles = [base, controls, charterStyles]

  @consume({ context: peerContext }) peer!: Peer
  /** Its CID. */
  @property({ attribute: false }) charterId = ''
  /** CID of the one that it is compared with; the one in force where absent. */
  @property({ attribute: false }) than: string | undefined
  private readonly comparing = new Task<readonly DifferenceView[]>(this)
  private readonly looking = new Task<ForkPreview>(this)
  private readonly signing = new Task<void>(this)
  private compared = ''

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room } = this.peer.view
    const found = this.find(this.charterId)
    return html`<a class="back" href=${linkTo(room, { name: 'charter' })}>${icon('back')}The charter of this room</a> ${
        found
          ? this.renderCharter(room, found)
          : html`<h1 tabindex="-1">No such charter here</h1>
              <p>Its text is not here yet. It comes from whoever holds it, once one of them is here.</p>`
      }`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Its text may come while one looks.
    const [before, after] = [this.base(), this.charterId]
    if (changed.has('charterId')) this.signing.fault = undefined
    if (this.find(after) === undefined || this.find(before) === undefined) return
    if (this.compared === `${before} ${after}`) return
    this.compared = `${before} ${after}`
    void this.comparing.run(() => this.peer.governance.compare(before, after))
    if (after !== this.peer.view.charter.id) void this.looking.run(() => this.peer.governance.preview(after))
  }

  private renderCharter(room: string, found: CharterView): TemplateResult {
    const { charter, labels, mine, members } = found
    const isHere = found.id === this.peer.view.charter.id
    return html`<header>
        <h1 tabindex="-1" dir="auto">${charterName(charter)}</h1>
        <p class="lead">
          ${isHere ? 'What this room goes by.' : 'Known here; this tab goes by another.'} ${mineWords(mine)}
        </p>
        <p class="soft">
          <code title=${found.id}>${shortCid(found.id)}</code> · ${membersWords(members)} · ${authorsWords(found)}
        </p>
      </header>
      ${labelNotes(labels)} ${this.renderComparison(room, found)}
      ${mine === 'none' || !isHere ? this.renderSigning(found, isHere) : nothing}
      <section class="card" aria-labelledby="rules">
        <h2 id="rules">The rules</h2>
        ${clauseList(charter)}
      </section>`
  }

  private renderComparison(room: string, found: CharterView): TemplateResult | typeof nothing {
    const others = this.peer.governance.view.charters.filter(({ id }) => id !== found.id)
    if (others.length === 0) return nothing
    const { value, slow, fault } = this.comparing
    const go = (event: Event) => {
      const than = (event.target as HTMLSelectElement).value
      location.hash = linkTo(room, { name: 'charter-text', id: found.id, than })
    }
    return html`<section class="card" aria-labelledby="differences">
      <h2 id="differences">What it changes</h2>
      <div>
        <label for="than">Beside</label>
        <select id="than" @change=${go}>
          ${others
            .slice(0, MOST_CHOICES)
            .map(
              ({ id, charter }) =>
                html`<option value=${id} ?selected=${id === this.base()}>
                  ${charterName(charter)} (${shortCid(id)})${id === this.peer.view.charter.id ? ', in force here' : ''}
                </option>`,
            )}
        </select>
      </div>
      ${slow ? waiting('Comparing the two') : nothing} ${faultNote(fault)} ${value ? differenceTable(value) : nothing}
    </section>`
  }

  private renderSigning(found: CharterView, isHere: boolean): TemplateResult {
    const { value: preview, fault } = this.looking
    const { pending } = this.signing
    const invited = this.peer.governance.view.invitations.includes(found.id)
    return html`<section class="card" aria-labelledby="signing">
      <h2 id="signing">${isHere ? 'Sign it' : 'Go by it'}</h2>
      ${faultNote(fault)} ${preview && !isHere ? keepsList(preview) : nothing} ${faultNote(this.signing.fault)}
      <div class="row">
        <button class="primary" ?disabled=${pending} @click=${() => this.sign(this.grade())}>
          ${icon('seal')}${isHere ? 'Sign it' : 'Sign it and go by it'}
        </button>
        ${
          invited
            ? html`<button ?disabled=${pending} @click=${() => this.sign('authored')}>
                ${icon('charter')}Sign as an author
              </button>`
            : nothing
        }
      </div>
      <p class="small soft">
        Signing joins the room again under it: answers on screen are gone then, unless you exported their receipts. You
        may leave it again at any time, under Charter.
      </p>
    </section>`
  }

  /** That the difference was before them; with nothing to compare it with, they read the text and clicked. */
  private grade(): Grade {
    return this.comparing.value === undefined ? 'clicked' : 'signed-after-diff'
  }

  private sign(grade: Grade): void {
    const id = this.charterId
    void this.signing.run(async () => {
      await this.peer.governance.sign(id, grade)
      rejoin(this, id, grade)
    })
  }

  private find(id: string): CharterView | undefined {
    return this.peer.governance.view.charters.find((each) => each.id === id)
  }

  /** What it is compared with: what was chosen, what is in force, or what it comes from. */
  private base(): string {
    if (this.than !== undefined) return this.than
    const here = this.peer.view.charter.id
    if (here !== this.charterId) return here
    const parents = this.find(this.charterId)?.charter.parents ?? []
    return (
      parents.find((parent) => this.find(parent)) ??
      this.peer.governance.view.charters.find(({ id }) => id !== this.charterId)?.id ??
      ''
    )
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-charter-text': MootCharterText
  }
}
