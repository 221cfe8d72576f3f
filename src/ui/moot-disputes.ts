import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { CaseView } from '../peer/governance-view.ts'
import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { DisputeView, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { markOfCase, roleWords, toneOfCase } from './disputes/jury-words.ts'
import { markOf, reasonWords, toneOfDispute } from './disputes/dispute-words.ts'
import { icon } from './icons.ts'
import { styles } from './moot-disputes.styles.ts'
import { refusalList } from './refusals.ts'
import { refusals } from './refusals.styles.ts'
import { linkTo } from './route.ts'
import { stateMark } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { aboutWords, caseOutcome, caseStep, dutyWords } from './case-words.ts'
import { disputeStep, isOpen, outcomeWords } from './contest-words.ts'
import { clock, cut } from './words.ts'

/** Cases and disputes listed; older ones are counted. */
const MOST_SHOWN = 200

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
    const { cases } = this.peer.governance.view
    const all = [
      ...cases.map((each) => ({ open: isOpenCase(each), at: each.openedAt, row: () => this.renderCase(room, each) })),
      ...disputes.map((each) => ({ open: isOpen(each), at: each.openedAt, row: () => this.renderDispute(room, each) })),
    ].toSorted((a, b) => Number(b.open) - Number(a.open) || b.at.getTime() - a.at.getTime())
    return html`<header>
        <h1 tabindex="-1">Disputes</h1>
        <p class="soft">
          Where answers differ, or a party objects, tabs run the job again on the reference engine. Arithmetic decides,
          and any tab can repeat it. What arithmetic cannot settle goes before a jury, drawn by lot from those whom both
          sides trust.
        </p>
      </header>
      ${cases.filter(({ asks }) => asks.includes('serve') || asks.includes('vote')).map((each) => duty(room, each))}
      ${
        all.length === 0
          ? html`<p class="empty">No disputes yet</p>`
          : html`<ol class="card">
              ${all.slice(0, MOST_SHOWN).map(({ row }) => row())}
            </ol>`
      }
      ${all.length > MOST_SHOWN ? html`<p class="small soft">and ${all.length - MOST_SHOWN} older ones</p>` : ''}
      ${refusalList(refused)}`
  }

  private renderCase(room: string, contest: CaseView): TemplateResult {
    const { id, contestant, openedAt, role } = contest
    return html`<li data-tone=${toneOfCase(contest)}>
      <a href=${linkTo(room, { name: 'case', id })}>
        <span class="mark">${stateMark(markOfCase(contest), 1.5)}</span>
        <span class="what">
          <span class="state">${caseOutcome(contest)}</span>
          ${isOpenCase(contest) ? html`<span>${caseStep(contest)}</span>` : ''}
          <span class="small soft">
            ${nicknameOf(contestant)} objected at ${clock(openedAt)}:
            ${aboutWords(contest.class)}${role === 'bystander' ? '' : ` · ${roleWords(role)}`}
          </span>
        </span>
      </a>
    </li>`
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

/** What a jury waits for. */
const duty = (room: string, contest: CaseView): TemplateResult =>
  html`<div class="card duty">
    <p>${dutyWords(contest)}</p>
    <a class="button" href=${linkTo(room, { name: 'case', id: contest.id })}
      >${icon('disputes')}${contest.asks.includes('vote') ? 'Read and vote' : 'Serve on the jury'}</a
    >
  </div>`

declare global {
  interface HTMLElementTagNameMap {
    'moot-disputes': MootDisputes
  }
}
