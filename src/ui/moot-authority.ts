import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { DEFAULT_VIEW } from '../domain/charter/default-view.ts'
import type { Measure, MeasureKey, Report, Scope, Uncertainty } from '../domain/authority/report-shape.ts'
import type { Peer } from '../peer/view.ts'
import { counted, shortHash } from './authority/figures.ts'
import { promises } from './authority/promises.ts'
import { coverageWords, fewWords, halfWords, windowWords } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-authority.styles.ts'
import './moot-consent.ts'
import './moot-deciders.ts'
import './moot-flips.ts'
import './moot-measure.ts'
import './moot-panel.ts'
import './moot-recipe.ts'
import './moot-routes.ts'
import { faultNote, note, waiting } from './notes.ts'
import { linkTo } from './route.ts'

const WINDOWS = [
  [40, 'last 40'],
  [200, 'last 200'],
  [1_000, 'last 1,000'],
  [0, 'all'],
] as const
const SCOPES = [
  ['mine', 'What touches you'],
  ['everything', 'Everything held here'],
] as const

/**
 * Where authority settled in this room: first in a sentence, then by the routes on which decisions were settled, then by seven measures, the
 * deciders, and what other rules would have made of the same votes. Or one of the measures, by itself.
 */
@customElement('moot-authority')
export class MootAuthority extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** The measure that is looked at; all of it where there is none. */
  @property({ attribute: false }) measure: MeasureKey | undefined
  /** Decisions; 0 for all. Eight windows of twenty and some: the fewest of which drift can be told. */
  @state() private window = DEFAULT_VIEW.window
  @state() private scope: Scope = DEFAULT_VIEW.scope
  /** The last that came: shown until the next one comes. */
  @state() private report: Report | undefined
  private wanted = ''
  private readonly counting = new Task<Report>(this)
  private readonly doubting = new Task<Uncertainty>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { report } = this
    const { room } = this.peer.view
    const measure = report && [...report.panel, ...report.drawer].find(({ key }) => key === this.measure)
    const title = measure?.name ?? (this.measure ? 'A measure of authority' : (report?.sentence ?? 'Counting'))
    // One heading whatever it says: what has the focus stays.
    return html`${
        this.measure
          ? html`<a class="back" href=${linkTo(room, { name: 'authority' })}>${icon('back')}All measures</a>`
          : html`<p class="kicker">Where authority settled</p>`
      }
      <h1 tabindex="-1">${title}</h1>
      ${report === undefined ? this.renderWait() : measure ? this.renderMeasure(report, measure) : this.renderReport(report)}
      <p class="unseen" role="status">${this.counting.pending ? '' : report?.sentence}</p>`
  }

  protected override willUpdate(): void {
    const { ready } = this.peer.governance.view
    const wanted = `${this.window} ${this.scope}`
    if (!ready || this.wanted === wanted) return
    this.wanted = wanted
    void this.count()
  }

  /** Undefined while it is on its way; null where it does not come. */
  private get uncertainty(): Uncertainty | undefined | null {
    return this.doubting.fault ? null : this.doubting.value
  }

  private renderWait(): TemplateResult {
    const { ready } = this.peer.governance.view
    if (this.counting.fault)
      return html`${faultNote(this.counting.fault)}
        <div class="row"><button @click=${this.count}>${icon('again')}Count again</button></div>`
    return waiting(ready ? 'Counting the records' : 'Reading the records of this room')
  }

  private renderMeasure(report: Report, measure: Measure): TemplateResult {
    return html`<moot-measure .report=${report} .uncertainty=${this.uncertainty} .measure=${measure}></moot-measure>`
  }

  private renderLead(report: Report): TemplateResult {
    const says = report.decisions > 0 && (fewWords(report) ?? halfWords(report, this.uncertainty))
    return html`<div class="lead" aria-busy=${this.counting.pending}>
      ${says ? html`<p class="chance">${says}</p>` : nothing} ${this.renderChoices(report)}
      <div class="small soft">
        ${
          report.decisions > 0
            ? html`<p>
                ${windowWords(report.recipe)}: ${counted(report.decisions, 'decisions')}; in
                ${report.discretionary.toLocaleString('en')} of them somebody had a say.
              </p>`
            : nothing
        }
        <p>
          ${coverageWords(report.recipe.coverage)}${report.recipe.root && html`, root <code title=${report.recipe.root}>${shortHash(report.recipe.root)}</code>`}.
        </p>
      </div>
      ${faultNote(this.counting.fault)} ${faultNote(this.doubting.fault)}
    </div>`
  }

  private renderChoices(report: Report): TemplateResult {
    const stale = this.counting.fault !== undefined || report.recipe.root !== this.peer.governance.view.ledger.root
    return html`<div class="choices">
      <fieldset>
        <legend>Decisions</legend>
        <div class="segments">
          ${WINDOWS.map(
            ([window, name]) =>
              html`<label
                >${name}<input
                  type="radio"
                  name="window"
                  .checked=${window === this.window}
                  @change=${() => (this.window = window)}
              /></label>`,
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>Scope</legend>
        <div class="segments">
          ${SCOPES.map(
            ([scope, name]) =>
              html`<label
                >${name}<input
                  type="radio"
                  name="scope"
                  .checked=${scope === this.scope}
                  @change=${() => (this.scope = scope)}
              /></label>`,
          )}
        </div>
      </fieldset>
      <button class="slim" ?disabled=${!stale || this.counting.pending} @click=${this.count}>
        ${icon(stale ? 'again' : 'holds')}${stale ? 'Count again' : 'Up to date'}
      </button>
    </div>`
  }

  private renderReport(report: Report): TemplateResult {
    if (this.measure) return html`<p>Nothing has been decided that it could be taken of.</p>`
    const { uncertainty } = this
    if (report.decisions === 0) return html`${this.renderLead(report)} ${this.renderPromises()}`
    return html`${this.renderLead(report)}
      <section class="card"><moot-routes .routes=${report.routes}></moot-routes></section>
      <section class="card">
        <moot-panel .report=${report} .uncertainty=${uncertainty} .room=${this.peer.view.room}></moot-panel>
      </section>
      <div class="pair">
        <section class="card">
          <moot-deciders .ranked=${report.ranked} .viewer=${report.recipe.viewer}></moot-deciders>
        </section>
        <div class="stack">
          <section class="card"><moot-consent .consent=${report.consent}></moot-consent></section>
          <section class="card"><moot-flips .flips=${report.flips}></moot-flips></section>
        </div>
      </div>
      <section class="card"><moot-recipe .report=${report} .uncertainty=${uncertainty}></moot-recipe></section>`
  }

  private renderPromises(): TemplateResult {
    const { room } = this.peer.view
    return html`<section class="card promises">
        <h2>What will appear here</h2>
        ${promises()}
        <div class="row">
          <a class="button" href=${linkTo(room, { name: 'ask' })}>Ask something</a>
        </div>
      </section>
      ${this.scope === 'mine' ? note('Nothing here touches you yet. “Everything held here” counts what others decided among themselves as well.') : nothing}`
  }

  private readonly count = async (): Promise<void> => {
    const { governance } = this.peer
    this.doubting.cancel()
    await this.counting.run(() => governance.report({ window: this.window, scope: this.scope }))
    const report = this.counting.value
    if (report === undefined) return
    this.report = report
    this.doubting.value = undefined
    this.doubting.fault = undefined
    if (report.decisions > 0) void this.doubting.run((signal) => governance.uncertainty(report, { signal }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-authority': MootAuthority
  }
}
