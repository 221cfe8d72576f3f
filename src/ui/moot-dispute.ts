import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { DisputeView, Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { markOf, reasonWords, toneOfDispute } from './disputes/dispute-words.ts'
import { accountsCard, claimsCard } from './disputes/tables.ts'
import { icon } from './icons.ts'
import { casePage } from './disputes/case-page.styles.ts'
import { styles } from './moot-dispute.styles.ts'
import './moot-leaf.ts'
import type { MootLeaf } from './moot-leaf.ts'
import './moot-replay.ts'
import './moot-result.ts'
import './moot-strip.ts'
import { splitDetail } from './moot-verdict.ts'
import { faultNote, waiting } from './notes.ts'
import { refusalList } from './refusals.ts'
import { refusals } from './refusals.styles.ts'
import { linkTo } from './route.ts'
import { stateMark } from './state-mark.ts'
import { stoneMark } from './stone-mark.ts'
import { table } from './table.styles.ts'
import { tones } from './tones.styles.ts'
import { disputeStep, isOpen, lossWords, operatorName, outcomeWords } from './contest-words.ts'
import { clock, cut, milliseconds } from './words.ts'

/** Segments of the bar of steps: more would be no bar. */
const MOST_STEPS = 12
/** Rows of any list of what others sent. */
const MOST_ROWS = 24
/** Characters shown of a note that a stranger wrote, as many as a CONTEST takes. */
const NOTE_SHOWN = 280

/** One contest: what it is about, how it stands, where the sides part, and the ways to see for oneself. */
@customElement('moot-dispute')
export class MootDispute extends LitElement {
  static override readonly styles = [base, controls, table, tones, refusals, casePage, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks
  /** Hex. */
  @property() job = ''
  private readonly following = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room, disputes } = this.peer.view
    const dispute = disputes.find(({ job }) => job === this.job)
    return html`<a class="back" href=${linkTo(room, { name: 'disputes' })}>${icon('back')}All disputes</a> ${
        dispute
          ? this.renderDispute(dispute)
          : html`<h1 tabindex="-1">No such dispute here</h1>
              <p>Disputes live as long as the tab. Evidence that was exported can still be replayed under Receipts.</p>`
      }`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job') || !changed.get('job')) return
    this.following.cancel()
    this.following.fault = undefined
  }

  private renderDispute(dispute: DisputeView): TemplateResult {
    return html`${this.renderHero(dispute)} ${this.renderParts(dispute)} ${claimsCard(dispute)}
      <div class="pair">${accountsCard(dispute)} ${this.renderLosers(dispute)}</div>
      ${refusalList(dispute.refused)} ${this.renderOutput(dispute)}`
  }

  private renderHero(dispute: DisputeView): TemplateResult {
    const { requester, openedBy, openedAt, modelName, note, reason, step, tookMs, mine } = dispute
    const [words, detail] = splitDetail(outcomeWords(dispute))
    const open = isOpen(dispute)
    const answer = this.asks.answers.find(({ job }) => job === dispute.job)
    return html`<section class="hero" data-tone=${toneOfDispute(dispute)} aria-label="How it stands">
      <h1 tabindex="-1">
        ${stateMark(markOf(dispute), 1.75)}<span>${words}${detail && html`<small>${detail}</small>`}</span>
      </h1>
      <p class="story">
        ${nicknameOf(requester)} asked
        <span title=${modelName}>${cut(modelName, 48) || 'a model'}</span
        >${openedBy === requester ? ' and' : `; ${nicknameOf(openedBy)}`} opened a dispute at ${clock(openedAt)}:
        ${reasonWords(reason)}.
      </p>
      ${note ? html`<blockquote dir="auto">${cut(note, NOTE_SHOWN)}</blockquote>` : nothing}
      <div class="steps">
        <div aria-hidden="true">
          ${Array.from({ length: Math.min(MOST_STEPS, step.of) }, (_, i) => html`<i class=${i < step.at ? 'done' : ''}></i>`)}
        </div>
        <p class="small">
          ${disputeStep(dispute)}${tookMs === undefined ? '' : ` · took ${milliseconds(tookMs)}`}${mine ? ' · you are a party' : ''}
        </p>
      </div>
      ${
        // The room tells of one's own asks whatever the screen.
        answer ? nothing : html`<p class="unseen" role="status">${open ? disputeStep(dispute) : words}</p>`
      }
      ${this.renderActions(dispute, answer?.id)}
    </section>`
  }

  private renderActions(dispute: DisputeView, answer: number | undefined): TemplateResult {
    const { pending, slow, fault } = this.following
    const watchable = !dispute.mine && !dispute.hasEvidence
    return html`${faultNote(fault)}
      <div class="row">
        ${
          watchable
            ? html`<button
                ?disabled=${pending}
                @click=${() => this.following.run((signal) => this.peer.follow(dispute.job, { signal }))}
              >
                ${icon('eye')}Watch
              </button>`
            : nothing
        }
        ${
          answer === undefined
            ? nothing
            : html`<a class="button" href=${linkTo(this.peer.view.room, { name: 'answer', id: answer })}
                >Your answer</a
              >`
        }
      </div>
      ${
        watchable
          ? html`<p class="small soft">
              ${dispute.heard ? 'Known from others alone: nothing of it was checked here. ' : ''}To watch is to settle
              it here too: this device fetches what that takes.
            </p>`
          : nothing
      }
      ${slow ? waiting('Fetching what it takes to settle it here') : nothing}
      ${dispute.hasEvidence && !dispute.leaf ? html`<moot-replay .job=${dispute.job}></moot-replay>` : nothing}`
  }

  /** The strip, and the operator card in which it ends. */
  private renderParts({ job, strip, leaf, phase, hasEvidence }: DisputeView): TemplateResult | typeof nothing {
    if (strip === undefined && leaf === undefined) return nothing
    const outputDiffers = strip?.differs === undefined && phase === 'proven'
    return html`<section class="card parts">
      <h2>${phase === 'proven' || strip?.differs !== undefined ? 'Where they part' : 'How far they agree'}</h2>
      ${strip ? html`<p>${stripWords(strip, outputDiffers)}</p>` : nothing}
      ${
        strip
          ? html`<moot-strip
              .strip=${strip}
              .outputDiffers=${outputDiffers}
              .leads=${leaf !== undefined}
              @moot-operator=${this.showLeaf}
            ></moot-strip>`
          : nothing
      }
      ${
        leaf
          ? html`<moot-leaf class="leaf" .leaf=${leaf}>
              ${hasEvidence ? html`<moot-replay .job=${job}></moot-replay>` : nothing}
            </moot-leaf>`
          : nothing
      }
    </section>`
  }

  private renderLosers({ losers, heard }: DisputeView): TemplateResult | typeof nothing {
    if (losers.length === 0) return nothing
    return html`<section class="card">
      <h2>${heard ? 'What, others say, did not stand' : 'What did not stand'}</h2>
      <ul class="list">
        ${losers.slice(0, MOST_ROWS).map(
          ({ peer, nickname, for: why }) =>
            html`<li>
              ${stoneMark(peer)}<span title=${peer}><strong>${nickname}</strong>: ${lossWords(why)}</span>
            </li>`,
        )}
      </ul>
      <p class="small soft">Why is not known: a fault and deceit look the same from here.</p>
    </section>`
  }

  private renderOutput({ model, output }: DisputeView): TemplateResult | typeof nothing {
    const manifest = this.peer.view.models.find(({ id }) => id === model)?.manifest
    if (manifest === undefined || output === undefined) return nothing
    return html`<section class="card">
      <h2>What the reference computes</h2>
      <moot-result .manifest=${manifest} .output=${output}></moot-result>
    </section>`
  }

  private showLeaf(): void {
    const leaf = this.renderRoot.querySelector<MootLeaf>('moot-leaf')
    leaf?.renderRoot.querySelector<HTMLElement>('h2')?.focus()
  }
}

function stripWords({ operators, agreed, differs }: NonNullable<DisputeView['strip']>, outputDiffers: boolean): string {
  const { length } = operators
  const operator = differs === undefined ? undefined : operators[differs]
  if (outputDiffers) return `Both sides say the same of all ${length} operators, and another output.`
  if (operator === undefined && agreed === 0) return `${length} operators, in the order in which they run.`
  if (operator === undefined)
    return agreed === length
      ? `All accounts say the same of all ${length} operators.`
      : `${agreed} of ${length} operators compared so far: both sides say the same of them.`
  return `Both sides say the same of the first ${agreed} of ${length} operators, and part at ${operatorName(operator)}.`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-dispute': MootDispute
  }
}
