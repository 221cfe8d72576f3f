import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import { styles } from './moot-records.styles.ts'
import { faultNote, note, waiting } from './notes.ts'
import { coverageWords, importedWords } from './record-words.ts'

/** Logs that are named as forked. */
const MOST_FORKS = 16

/** The signed records that this tab holds: how much of the room's, its own among them, and all of it as one file. */
@customElement('moot-records')
export class MootRecords extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  private readonly exporting = new Task<void>(this)
  private readonly importing = new Task<{ readonly added: number; readonly refused: number }>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { ledger, fault, ready } = this.peer.governance.view
    const { entries, logs, own, root, coverage, forks } = ledger
    const mine = forks.some(({ peer }) => peer === this.peer.id)
    return html`<h2>Records</h2>
      <p class="figure">${entries.toLocaleString('en')} <span>signed records are held here</span></p>
      <p class="small soft">
        Of ${logs} ${logs === 1 ? 'key' : 'keys'}; ${own.toLocaleString('en')} are your own. ${coverageWords(coverage)}
      </p>
      ${ready ? nothing : note('Asking others for the newest of your own records: until then this key signs nothing.')}
      ${faultNote(fault)}
      ${
        mine
          ? note(
              'This log forked, cause unknown: your key signed two records for one place. What came before the fork stands.',
              'flag',
            )
          : nothing
      }
      ${
        forks.some(({ peer }) => peer !== this.peer.id)
          ? html`<ul>
              ${forks
                .filter(({ peer }) => peer !== this.peer.id)
                .slice(0, MOST_FORKS)
                .map(
                  ({ peer, seq }) =>
                    html`<li title=${peer}>
                      The log of ${nicknameOf(peer)} forked at record ${seq}, cause unknown. What came before stands.
                    </li>`,
                )}
            </ul>`
          : nothing
      }
      <div class="row">
        <button ?disabled=${this.exporting.pending} @click=${this.export}>${icon('download')}Export the records</button>
        <label class="button file"
          >${icon('add')}Add records from a file
          <input type="file" class="unseen" @change=${this.take} />
        </label>
      </div>
      ${faultNote(this.exporting.fault)} ${faultNote(this.importing.fault)}
      ${this.importing.slow ? waiting('Checking every signature in it') : nothing}
      ${this.importing.value ? html`<p role="status">${importedWords(this.importing.value)}</p>` : nothing}
      <p class="small soft">
        The file holds what this tab knows of the room, and no key.
        ${root ? html`Their root: <code title=${root}>${root.slice(0, 16)}</code>` : nothing}
      </p>`
  }

  private export(): void {
    void this.exporting.run(async () => {
      const { room } = this.peer.view
      download(
        await this.peer.governance.exportLedger(),
        `moot-records-${room.replace(/[^\w-]/g, '_').slice(0, 40)}.moot`,
      )
    })
  }

  private take({ target }: Event): void {
    const input = target as HTMLInputElement
    const [file] = input.files ?? []
    if (file === undefined) return
    void this.importing.run(async () => this.peer.governance.importLedger(new Uint8Array(await file.arrayBuffer())))
    input.value = ''
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-records': MootRecords
  }
}
