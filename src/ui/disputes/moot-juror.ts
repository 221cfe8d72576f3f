import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { timeWords } from '../../domain/charter/clause-words.ts'
import type { Vote } from '../../domain/ledger/entry.ts'
import type { CaseView } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Deadline } from '../controllers/deadline.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { faultNote } from '../notes.ts'
import { voteWords } from './jury-words.ts'
import { styles } from './moot-juror.styles.ts'

/** Characters of a reason, as in a VOTE_REVEAL. */
const MAX_REASON = 280

/** What a juror is asked for: whether it serves, then its vote. A person votes; nothing is chosen beforehand. */
@customElement('moot-juror')
export class MootJuror extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) contest!: CaseView
  /** When one may vote: some time after the evidence was shown. Absent before it was. */
  @property({ attribute: false }) from: Date | undefined
  @state() private vote: Vote | undefined
  @state() private reason = ''
  private readonly reading = new Deadline(this)
  private readonly signing = new Task<void>(this)

  override render(): TemplateResult {
    const { asks } = this.contest
    return html`<section class="card" aria-labelledby="duty">
      ${asks.includes('vote') ? this.renderVote() : this.renderSummons()} ${faultNote(this.signing.fault)}
    </section>`
  }

  private renderSummons(): TemplateResult {
    const { serve, vote } = this.timeouts() ?? {}
    return html`<h2 id="duty">You were drawn by lot for this jury</h2>
      <p>
        To serve is to read what was asked and answered, and to
        vote${vote === undefined ? '' : ` within ${timeWords(vote)}`}. Nobody chose you, and nobody chooses your vote.
      </p>
      <p class="small soft">
        You see the evidence once you serve. You may say no, which costs nothing: another is
        drawn${serve === undefined ? '' : `, as after ${timeWords(serve)} without a word`}.
      </p>
      <div class="row">
        <button class="primary" ?disabled=${this.signing.pending} @click=${() => this.serve(true)}>
          ${icon('disputes')}Serve on the jury
        </button>
        <button ?disabled=${this.signing.pending} @click=${() => this.serve(false)}>Not this time</button>
      </div>`
  }

  private renderVote(): TemplateResult {
    const pause = this.from === undefined || this.reading.ahead(this.from) !== undefined
    const ready = !pause && this.vote !== undefined && this.reason.trim() !== ''
    return html`<h2 id="duty">Your vote</h2>
      <p>Read the objection and the evidence first. What do you find?</p>
      <form @submit=${this.cast}>
        <fieldset>
          <legend>The vote</legend>
          ${(['uphold', 'dismiss'] as const).map(
            (vote) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="vote"
                  .checked=${this.vote === vote}
                  @change=${() => (this.vote = vote)}
                /><span>${capital(voteWords(vote))}</span></label
              >`,
          )}
        </fieldset>
        <div>
          <label for="reason">Why: shown with your vote once all votes are</label>
          <textarea
            id="reason"
            dir="auto"
            rows="3"
            maxlength=${MAX_REASON}
            .value=${this.reason}
            @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value)}
          ></textarea>
        </div>
        <p class="small soft">
          Your vote is sealed until all have voted, and cannot be changed. A losing vote costs nothing.
        </p>
        <div class="row">
          <button class="primary" ?disabled=${!ready || this.signing.pending}>${icon('seal')}Seal my vote</button>
          <span class="small soft" role="status">${this.missing(pause)}</span>
        </div>
      </form>`
  }

  /** What is still to be done before one may vote. */
  private missing(pause: boolean): string | typeof nothing {
    if (this.from === undefined) return 'The evidence is not here yet.'
    if (pause) return 'A moment to read: voting opens shortly.'
    if (this.vote === undefined) return 'Nothing is chosen yet.'
    return this.reason.trim() === '' ? 'A few words on why are missing.' : nothing
  }

  private timeouts() {
    const { charter } = this.contest
    return this.peer.governance.view.charters.find(({ id }) => id === charter.id)?.charter.timeouts
  }

  private serve(serves: boolean): void {
    void this.signing.run(() => this.peer.governance.serve(this.contest.id, serves))
  }

  private cast(event: SubmitEvent): void {
    event.preventDefault()
    const { vote, reason } = this
    if (vote === undefined) return
    void this.signing.run(() => this.peer.governance.vote(this.contest.id, vote, reason.trim()))
  }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

declare global {
  interface HTMLElementTagNameMap {
    'moot-juror': MootJuror
  }
}
