import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { Answer, Ask, Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, peerContext } from './contexts.ts'
import { caseStep, courtWords, rulingOf } from './case-words.ts'
import { Deadline } from './controllers/deadline.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import { styles } from './moot-answer.styles.ts'
import './moot-assembly.ts'
import './moot-claims.ts'
import './moot-input-view.ts'
import './moot-progress.ts'
import './moot-rerun.ts'
import './moot-result.ts'
import './moot-verdict.ts'
import { faultNote, note } from './notes.ts'
import { headline, variantsOf } from './result.ts'
import { linkTo } from './route.ts'
import { disputeStep, isOpen, lossWords } from './contest-words.ts'
import { againWords, cut, milliseconds } from './words.ts'

/** Characters shown of a text that was asked. */
const WORDS_SHOWN = 600

/** One answer: what it is, how far to trust it and on what grounds, and the ways to check it. */
@customElement('moot-answer')
export class MootAnswer extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks
  @property({ attribute: false }) answerId = 0
  @state() private fault: Fault | undefined
  /** The job over which a person is writing an objection. */
  @state() private contesting: string | undefined
  private readonly window = new Deadline(this)

  constructor() {
    super()
    void new Subscription(this, () => this.asks)
  }

  override render(): TemplateResult {
    const back = linkTo(this.peer.view.room, { name: 'ask' })
    const ask = this.asks.find(this.answerId)
    return html`<a class="back" href=${back}>${icon('back')}Ask another</a> ${
        ask
          ? this.renderAnswer(ask, ask.answer)
          : html`<h1 tabindex="-1">No such answer here</h1>
              <p>Answers live as long as the tab. An exported receipt can still be checked under Receipts.</p>`
      }`
  }

  private renderAnswer(ask: Ask, answer: Answer): TemplateResult {
    const checking = answer.state === 'checking'
    const contestUntil = answer.dispute || answer.case ? undefined : this.window.ahead(answer.contestUntil)
    return html`<section class="hero" aria-label="Verdict">
        <moot-assembly .answer=${answer}></moot-assembly>
        <div class="stack">
          <moot-verdict
            .answer=${answer}
            .charter=${this.peer.view.charter}
            .contestUntil=${contestUntil}
          ></moot-verdict>
          ${
            checking && !answer.fault
              ? html`<moot-progress .answer=${answer}></moot-progress>
                  ${answer.court ? html`<p class="small soft">${courtWords(answer.court)}</p>` : nothing}
                  <div class="row"><button @click=${() => ask.cancel()}>Cancel</button></div>`
              : nothing
          }
          ${answer.again.map((again) => note(`${againWords(again)} (attempt ${again.attempt}).`, 'again'))}
          ${this.renderLoss(answer)} ${faultNote(this.fault)} ${this.renderDispute(answer)}
          ${this.renderActions(answer, contestUntil !== undefined)}
        </div>
      </section>
      <div class="pair">
        ${variantsOf(answer).map(
          ({ letter, output, stands }, _, { length }) =>
            html`<section class="card">
              <h2>
                ${length > 1 ? `Answer ${letter}` : 'Answer'}
                ${length > 1 && stands === false ? html`<small>did not stand</small>` : nothing}
              </h2>
              <moot-result .manifest=${answer.model.manifest} .output=${output}></moot-result>
            </section>`,
        )}
        ${this.renderAsked(answer)}
      </div>
      ${
        answer.claims.length > 0
          ? html`<section class="card">
              <h2>Who answered</h2>
              <moot-claims .claims=${answer.claims} .stands=${answer.stands}></moot-claims>
            </section>`
          : nothing
      }`
  }

  /** Why there is no answer, and what to do. That it was cancelled the heading says. */
  private renderLoss({ fault }: Answer): unknown {
    if (fault?.code === 'CANCELLED') return nothing
    return faultNote(fault)
  }

  /** What the contest over it is at or came to; who lost in an attempt before. */
  private renderDispute(answer: Answer): unknown {
    const { dispute, losers = [], claims, job, case: contest } = answer
    const before = losers.filter(({ peer }) => claims.every((claim) => claim.peer !== peer))
    const link = (words: string) =>
      job && html`<a href=${linkTo(this.peer.view.room, { name: 'dispute', id: job })}>${words}</a>`
    return [
      ...before.map(({ nickname, for: why }) => note(`${nickname}, in an attempt before: ${lossWords(why)}.`, 'flag')),
      dispute
        ? note(
            isOpen(dispute)
              ? html`${disputeStep(dispute)}. ${link('Follow the dispute')}`
              : html`Every answer is kept.
                ${link(dispute.phase === 'unresolved' ? 'See how far it came' : 'See how it was settled')}`,
            'disputes',
          )
        : answer.state === 'contested' && contest === undefined
          ? note(contestWords(answer))
          : nothing,
      contest &&
        note(
          html`${isOpenCase(contest) ? `${caseStep(contest)}.` : afterCase(contest)}
            <a href=${linkTo(this.peer.view.room, { name: 'case', id: contest.id })}
              >${isOpenCase(contest) ? 'Follow the case' : 'See how it was ruled'}</a
            >`,
          'disputes',
        ),
    ]
  }

  private renderActions(answer: Answer, contestable: boolean): TemplateResult | typeof nothing {
    const again = html`<button @click=${() => this.askAgain(answer)}>${icon('ask')}Ask again</button>`
    if (answer.receipt === undefined) return answer.fault ? html`<div class="row">${again}</div>` : nothing
    const { receipt, job } = answer
    return html`<moot-rerun .receipt=${receipt}>
        <button @click=${() => download(receipt, `moot-receipt-${answer.id}.moot`)}>
          ${icon('download')}Export receipt
        </button>
        ${
          job && answer.dispute?.hasEvidence
            ? html`<button @click=${() => this.exportEvidence(job)}>${icon('download')}Export evidence</button>`
            : nothing
        }
        ${again}
        ${
          job && contestable
            ? html`<button
                aria-expanded=${this.contesting === job}
                @click=${() => this.object(this.contesting === job ? undefined : job)}
              >
                ${icon('disputes')}Contest
              </button>`
            : nothing
        }
      </moot-rerun>
      ${
        job && contestable && this.contesting === job
          ? html`<moot-contest .job=${job} @moot-close=${() => (this.contesting = undefined)}></moot-contest>`
          : nothing
      }`
  }

  private renderAsked(answer: Answer): TemplateResult {
    const { manifest } = answer.model
    const { totalMs, slowestExecutorMs } = answer
    const words = this.asks.wordsOf(answer.id)
    return html`<section class="card">
      <h2>Asked</h2>
      <div class=${manifest.image ? 'asked' : 'asked words'}>
        ${
          words === undefined
            ? html`<moot-input-view .manifest=${manifest} .input=${answer.input}></moot-input-view>`
            : html`<blockquote dir="auto">${cut(words, WORDS_SHOWN)}</blockquote>`
        }
        <dl>
          <dt>Model</dt>
          <dd title=${manifest.name}>${cut(manifest.name, 48)} ${cut(manifest.version, 16)}</dd>
          <dt>Asked at</dt>
          <dd>${answer.askedAt.toLocaleTimeString()}</dd>
          <dt>Attempt</dt>
          <dd>${answer.attempt}</dd>
          ${
            totalMs === undefined
              ? nothing
              : html`<dt>Click to verdict</dt>
                  <dd>${milliseconds(totalMs)}</dd>`
          }
          ${
            slowestExecutorMs === undefined
              ? nothing
              : html`<dt>Slowest tab</dt>
                  <dd>${milliseconds(slowestExecutorMs)}</dd>`
          }
        </dl>
      </div>
      <p class="small soft">The lot protects whoever asks; it proves nothing to others.</p>
    </section>`
  }

  /** Opens the form in which a person objects, which few ever see, or closes it. */
  private async object(job: string | undefined): Promise<void> {
    try {
      await import('./moot-contest.ts')
      this.contesting = job
    } catch (error) {
      this.fault = faultOf(error, (why) => ({ code: 'UNREACHABLE', peer: 'this form', why }))
    }
  }

  private async exportEvidence(job: string): Promise<void> {
    try {
      download(await this.peer.evidence(job), `moot-evidence-${job.slice(0, 8)}.moot`)
    } catch (error) {
      this.fault = faultOf(error)
    }
  }

  private askAgain({ id, model, input, check }: Answer): void {
    try {
      const { answer } = this.asks.ask({ model: model.id, input }, { check }, this.asks.wordsOf(id))
      location.hash = linkTo(this.peer.view.room, { name: 'answer', id: answer.id })
    } catch (error) {
      this.fault = faultOf(error)
    }
  }
}

/** What follows from a case for the answer itself. */
const afterCase = (contest: NonNullable<Answer['case']>): string => {
  const kept = 'Every answer, every vote and every dissent is kept.'
  const upheld = contest.phase === 'ruled' && rulingOf(contest)?.outcome === 'upheld'
  return upheld ? `For those who signed the charter, what was objected to does not stand. ${kept}` : kept
}

const contestWords = (answer: Answer): string => {
  const label = headline(answer)
  const same =
    label === undefined || label.includes('≠') ? '' : 'The label is the same; the numbers differ beyond the rule. '
  return `${same}Every answer is kept. Run it again here to see which of them stand.`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-answer': MootAnswer
  }
}
