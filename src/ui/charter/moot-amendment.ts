import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { nicknameOf } from '../../domain/nickname.ts'
import type { Grade } from '../../domain/ledger/entry.ts'
import type { DifferenceView, ProposalView } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { faultNote, waiting } from '../notes.ts'
import { stoneMark } from '../stone-mark.ts'
import { cut, listed } from '../words.ts'
import { countList, differenceTable } from './charter-parts.ts'
import { phaseWords } from './charter-words.ts'
import { charterStyles } from './charter.styles.ts'
import { rejoin } from './rejoin.ts'

/** Characters of a reason, as in a PROPOSE; of a title. */
const REASON_SHOWN = 280
const TITLE_SHOWN = 60
/** Sponsors named. */
const MOST_SPONSORS = 12

/**
 * A change that somebody proposed: what it changes, who stands behind it, the signatures in three counts, and what this peer can do about it.
 *
 * @fires moot-rejoin - It was signed: the room is joined again under it.
 */
@customElement('moot-amendment')
export class MootAmendment extends LitElement {
  static override readonly styles = [base, controls, charterStyles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) proposal!: ProposalView
  /** The difference was opened: a signature after that is of another grade. */
  @state() private hasRead = false
  private readonly comparing = new Task<readonly DifferenceView[]>(this)
  private readonly signing = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { proposal } = this
    const { title, proposer, reason, sponsors, counts, phase } = proposal
    return html`<div>
        <h3 class="title" dir="auto">${cut(title, TITLE_SHOWN)}</h3>
        <p class="phase">${phaseWords(proposal)}</p>
      </div>
      <p class="row">${stoneMark(proposer)}<span title=${proposer}>Proposed by ${nicknameOf(proposer)}</span></p>
      ${reason ? html`<blockquote dir="auto">${cut(reason, REASON_SHOWN)}</blockquote>` : nothing}
      <p class="small soft">
        ${
          sponsors.length === 0
            ? 'Nobody stands behind it yet.'
            : `Behind it: ${listed(sponsors.slice(0, MOST_SPONSORS).map(nicknameOf))}.`
        }
      </p>
      <details @toggle=${this.open}>
        <summary>What it changes</summary>
        ${this.comparing.slow ? waiting('Comparing the two') : nothing} ${faultNote(this.comparing.fault)}
        ${this.comparing.value ? differenceTable(this.comparing.value) : nothing}
      </details>
      ${phase === 'proposed' || phase === 'notice' ? nothing : countList(counts)} ${faultNote(this.signing.fault)}
      ${this.renderActions(proposal)}`
  }

  private renderActions({ phase, mySignature, mySponsorship, proposer }: ProposalView): TemplateResult {
    const { pending } = this.signing
    if (mySignature) return html`<p class="small soft">You signed it.</p>`
    const sponsorable = phase === 'proposed' && proposer !== this.peer.id
    return html`<div class="row">
        ${
          sponsorable
            ? html`<button ?disabled=${pending || mySponsorship} @click=${this.sponsor}>
                ${icon('holds')}${mySponsorship ? 'You stand behind it' : 'Sponsor it'}
              </button>`
            : nothing
        }
        ${
          phase === 'signing' || phase === 'ratified' || phase === 'lapsed'
            ? html`<button class="primary" ?disabled=${pending} @click=${this.sign}>${icon('seal')}Sign it</button>`
            : nothing
        }
      </div>
      ${
        phase === 'signing' || phase === 'ratified'
          ? html`<p class="small soft">
              ${
                this.hasRead
                  ? 'Your signature decides with the others: it says that you read what it changes.'
                  : 'You have not opened what it changes: your signature will say so.'
              }
              Signing joins the room again under it. Whoever does not sign stays where they are.
            </p>`
          : nothing
      }`
  }

  private open(event: Event): void {
    if (!(event.target as HTMLDetailsElement).open) return
    const { parent, charter } = this.proposal
    if (this.comparing.value || this.comparing.pending) return
    void this.comparing
      .run(() => this.peer.governance.compare(parent, charter))
      .then(() => (this.hasRead = this.comparing.value !== undefined))
  }

  private sponsor(): void {
    void this.signing.run(() => this.peer.governance.sponsor(this.proposal.id))
  }

  private sign(): void {
    const { charter, phase } = this.proposal
    const isOpen = phase === 'signing' || phase === 'ratified'
    // Who signs a ballot that they have read is among those who decided it.
    const grade: Grade = !this.hasRead ? 'clicked' : isOpen ? 'ballot' : 'signed-after-diff'
    void this.signing.run(async () => {
      await this.peer.governance.sign(charter, grade)
      rejoin(this, charter, grade)
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-amendment': MootAmendment
  }
}
