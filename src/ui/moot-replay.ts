import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { EvidenceReport, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import './moot-report.ts'
import { faultNote, waiting } from './notes.ts'

/** Replays the evidence of a dispute on this device, or hands it to the person as a file. */
@customElement('moot-replay')
export class MootReplay extends LitElement {
  static override readonly styles = [base, controls]

  @consume({ context: peerContext }) peer!: Peer
  /** Hex. */
  @property() job = ''
  private readonly replaying = new Task<EvidenceReport>(this)
  private readonly exporting = new Task<void>(this)

  override render(): TemplateResult {
    const { pending, slow, value, fault } = this.replaying
    return html`<div class="stack">
      <div class="row">
        <button ?disabled=${pending} @click=${this.replay}>${icon('again')}Re-run here</button>
        <button ?disabled=${this.exporting.pending} @click=${this.export}>${icon('download')}Export evidence</button>
      </div>
      ${slow ? waiting('Replaying the evidence on this device') : nothing} ${faultNote(fault ?? this.exporting.fault)}
      <div role="status">${value ? html`<moot-report .report=${value}></moot-report>` : nothing}</div>
    </div>`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job') || !changed.get('job')) return
    this.replaying.cancel()
    this.replaying.value = this.replaying.fault = undefined
  }

  private replay(): void {
    void this.replaying.run(async (signal) => this.peer.replay(await this.peer.evidence(this.job), { signal }))
  }

  private export(): void {
    void this.exporting.run(async () =>
      download(await this.peer.evidence(this.job), `moot-evidence-${this.job.slice(0, 8)}.moot`),
    )
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-replay': MootReplay
  }
}
