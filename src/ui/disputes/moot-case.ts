import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { nicknameOf } from '../../domain/nickname.ts'
import type { CaseView } from '../../peer/governance-view.ts'
import { isOpenCase } from '../../peer/governance/is-open-case.ts'
import type { Peer } from '../../peer/view.ts'
import type { Asks } from '../asks.ts'
import { base } from '../base.styles.ts'
import { aboutWords, caseOutcome, caseStep, stepsOf } from '../case-words.ts'
import { asksContext, peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { splitDetail } from '../moot-verdict.ts'
import { faultNote, note } from '../notes.ts'
import { refusals } from '../refusals.styles.ts'
import { linkTo } from '../route.ts'
import { stateMark } from '../state-mark.ts'
import { tones } from '../tones.styles.ts'
import { charterName, clock, cut } from '../words.ts'
import { markOfCase, namesOf, nextWords, roleWords, toneOfCase } from './jury-words.ts'
import { levelCard } from './level-card.ts'
import './moot-case-file.ts'
import { casePage } from './case-page.styles.ts'
import { styles } from './moot-case.styles.ts'
import './moot-juror.ts'

/** Characters of what a stranger wrote, as many as a CONTEST takes. */
const TEXT_SHOWN = 280
/** Milliseconds between the evidence and the vote: nobody reads it faster. */
const READING = 10_000

/** One contest before a jury: what it is about, the evidence, who was drawn, the votes, the ruling, and what may follow. */
@customElement('moot-case')
export class MootCase extends LitElement {
  static override readonly styles = [base, controls, tones, refusals, casePage, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks
  /** Id of the CONTEST, hex. */
  @property() contest = ''
  /** Milliseconds that a juror is given to read before it can vote. */
  @property({ type: Number }) reading = READING
  @state() private shownAt: Date | undefined
  @state() private dissenting = false
  private readonly acting = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room } = this.peer.view
    const found = this.peer.governance.view.cases.find(({ id }) => id === this.contest)
    return html`<a class="back" href=${linkTo(room, { name: 'disputes' })}>${icon('back')}All disputes</a> ${
        found
          ? this.renderCase(found)
          : html`<h1 tabindex="-1">No such case here</h1>
              <p>Its records are not held by this tab. They come from whoever keeps them, once one of them is here.</p>`
      }`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('contest')) return
    this.shownAt = undefined
    this.dissenting = false
    this.acting.cancel()
    this.acting.fault = undefined
  }

  private renderCase(found: CaseView): TemplateResult {
    const { asks, levels, charter, role, id } = found
    return html`${this.renderHero(found)}
    ${
      // What was asked is for those who sit: who was drawn first says whether it does.
      asks.includes('serve')
        ? html`<moot-juror .contest=${found}></moot-juror>`
        : html`<moot-case-file
            class="card"
            .contest=${id}
            .eager=${role !== 'bystander'}
            @moot-shown=${() => (this.shownAt ??= new Date(Date.now() + this.reading))}
          ></moot-case-file>`
    }
    ${asks.includes('vote') ? html`<moot-juror .contest=${found} .from=${this.shownAt}></moot-juror>` : nothing}
    ${levels.toReversed().map((level) => levelCard(level, charterName(charter)))} ${this.renderNext(found)}`
  }

  private renderHero(found: CaseView): TemplateResult {
    const { contestant, requester, executors, claim, charter, openedAt, role } = found
    const [words, detail] = splitDetail(caseOutcome(found))
    const { at, of } = stepsOf(found)
    const open = isOpenCase(found)
    const room = this.peer.view.room
    const answer = this.asks.answers.find(({ job }) => job === found.job)
    return html`<section class="hero" data-tone=${toneOfCase(found)} aria-label="How it stands">
      <h1 tabindex="-1">
        ${stateMark(markOfCase(found), 1.75)}<span>${words}${detail && html`<small>${detail}</small>`}</span>
      </h1>
      <p class="story">
        ${nicknameOf(requester)} asked; ${namesOf(executors)} answered. ${nicknameOf(contestant)} objects:
        ${aboutWords(found.class)}.
      </p>
      ${claim ? html`<blockquote dir="auto">${cut(claim, TEXT_SHOWN)}</blockquote>` : nothing}
      ${
        !open
          ? nothing
          : html`<div class="steps">
              <div aria-hidden="true">
                ${Array.from({ length: of }, (_, i) => html`<i class=${i < at ? 'done' : ''}></i>`)}
              </div>
              <p class="small">${caseStep(found)}</p>
            </div>`
      }
      <p class="small soft">
        ${found.levels.length > 1 && !open ? `After ${found.levels.length === 2 ? 'one appeal' : `${found.levels.length - 1} appeals`}. ` : nothing}Opened
        at ${clock(openedAt)} under
        <a href=${linkTo(room, { name: 'charter-text', id: charter.id })} title=${charter.id}>${charterName(charter)}</a
        >${role === 'bystander' ? '' : ` · ${roleWords(role)}`}
      </p>
      ${answer ? nothing : html`<p class="unseen" role="status">${open ? caseStep(found) : words}</p>`}
      ${
        answer
          ? html`<a class="button" href=${linkTo(room, { name: 'answer', id: answer.id })}>Your answer</a>`
          : nothing
      }
    </section>`
  }

  /** What may follow a ruling, and what a party may do. */
  private renderNext(found: CaseView): TemplateResult | typeof nothing {
    const { asks, next, forfeited, charter, levels } = found
    if (isOpenCase(found) || found.phase === 'refused') return nothing
    const { room } = this.peer.view
    const sizes = this.peer.governance.view.charters.find(({ id }) => id === charter.id)?.charter.jury.sizes
    const { pending, fault } = this.acting
    const mayDissent = asks.includes('dissent') && levels.some(({ ruling }) => ruling)
    return html`<section class="card">
      <h2>What may follow</h2>
      <p>${nextWords(found, sizes)}</p>
      ${forfeited ? note(`You may not appeal: ${cut(forfeited, TEXT_SHOWN)}.`) : nothing} ${faultNote(fault)}
      <div class="row">
        ${
          asks.includes('appeal')
            ? html`<button ?disabled=${pending} @click=${() => this.act(() => this.peer.governance.appeal(found.id))}>
                ${icon('again')}Appeal
              </button>`
            : nothing
        }
        ${
          mayDissent && !this.dissenting
            ? html`<button @click=${() => this.openDissent()}>${icon('flag')}I do not agree</button>`
            : nothing
        }
        ${
          next === 'fork' || asks.includes('dissent')
            ? html`<a class="button" href=${linkTo(room, { name: 'amend' })}>${icon('fork')}Fork the charter</a>`
            : nothing
        }
      </div>
      ${
        this.dissenting
          ? html`<form @submit=${(event: SubmitEvent) => this.dissent(event, found.id)}>
              <label for="note">Why you do not agree: it stays with the ruling, and all can read it</label>
              <textarea id="note" dir="auto" rows="3" required maxlength=${TEXT_SHOWN}></textarea>
              <div class="row">
                <button class="primary" ?disabled=${pending}>Sign the dissent</button>
                <button type="button" class="plain" @click=${() => (this.dissenting = false)}>Not now</button>
              </div>
            </form>`
          : nothing
      }
      <p class="small soft">A ruling binds those who signed the charter. Dissent is kept, and nobody has to stay.</p>
    </section>`
  }

  private openDissent(): void {
    this.dissenting = true
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus())
  }

  private dissent(event: SubmitEvent, id: string): void {
    event.preventDefault()
    const note = this.renderRoot.querySelector('textarea')?.value.trim() ?? ''
    if (note === '') return
    void this.act(async () => {
      await this.peer.governance.dissent(id, note)
      this.dissenting = false
    })
  }

  private act(work: () => Promise<void>): Promise<void> {
    return this.acting.run(work)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-case': MootCase
  }
}
