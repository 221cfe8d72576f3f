import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import { reportCsv, reportJson } from '../domain/authority/export-report.ts'
import type { Report, Uncertainty } from '../domain/authority/report-shape.ts'
import type { Governance } from '../peer/governance-view.ts'
import type { Peer } from '../peer/view.ts'
import { exportName } from './authority/exports.ts'
import { counted } from './authority/figures.ts'
import { coverageWords, recomputeWords, windowWords } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import { styles } from './moot-recipe.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { stoneMark } from './stone-mark.ts'
import { cut } from './words.ts'

/** Reasons that are listed of entries which do not count. */
const MOST_REASONS = 16

/** What a report was computed from, so that anybody can compute it again; the way to do so here; and the report as a file. */
@customElement('moot-recipe')
export class MootRecipe extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) report!: Report
  @property({ attribute: false }) uncertainty: Uncertainty | undefined | null
  private readonly again = new Task<Awaited<ReturnType<Governance['recompute']>>>(this)

  override render(): TemplateResult {
    const { report, again } = this
    const { code, root, viewer, coverage } = report.recipe
    return html`<h2>How to compute it again</h2>
      <p class="soft">
        Whoever holds the same records and runs the same code gets the same report, byte for byte. This tab does.
      </p>
      <dl>
        <dt>Code</dt>
        <dd><code>${code}</code></dd>
        <dt>Records’ root</dt>
        <dd><code>${root}</code></dd>
        <dt>Counted</dt>
        <dd>${windowWords(report.recipe)}</dd>
        <dt>Seen by</dt>
        <dd class="who" title=${viewer}>${stoneMark(viewer, '1.3em')} ${nicknameOf(viewer)}</dd>
        <dt>Held</dt>
        <dd>${coverageWords(coverage)}</dd>
      </dl>
      <div class="row">
        <button ?disabled=${again.pending} @click=${this.recompute}>${icon('again')}Recompute</button>
        <button @click=${() => this.export('json')}>${icon('download')}Export JSON</button>
        <button @click=${() => this.export('csv')}>${icon('download')}Export CSV</button>
      </div>
      <div class="outcome">
        ${again.slow ? waiting('Running it again from the records') : nothing} ${faultNote(again.fault)}
        <p role="status">
          ${again.value && html`${icon(again.value.equal ? 'holds' : 'warning')}<span>${recomputeWords(again.value, report.recipe, this.peer.governance.view.ledger.root)}</span>`}
        </p>
      </div>
      ${this.renderMarked(report.marked)}`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('report') || !changed.get('report')) return
    this.again.cancel()
    this.again.value = undefined
    this.again.fault = undefined
  }

  private renderMarked(marked: Report['marked']): TemplateResult | typeof nothing {
    if (marked.length === 0) return nothing
    return html`<section>
      <h3>Held, not counted</h3>
      <ul>
        ${marked.slice(0, MOST_REASONS).map(({ why, entries }) => html`<li>${counted(entries, 'entries')}: ${cut(why, 160)}</li>`)}
      </ul>
    </section>`
  }

  private recompute(): void {
    void this.again.run(() => this.peer.governance.recompute(this.report))
  }

  private export(kind: 'json' | 'csv'): void {
    const text = (kind === 'json' ? reportJson : reportCsv)(this.report, this.uncertainty ?? undefined)
    download(new TextEncoder().encode(text), exportName(this.peer.view.room, this.report.recipe.root, kind))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-recipe': MootRecipe
  }
}
