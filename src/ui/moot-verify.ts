import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { fault } from '../domain/fault.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { Check, CheckedReceipt } from '../domain/check-receipt.ts'
import type { EvidenceReport, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { checkList } from './checks.ts'
import { checks } from './checks.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import type { ReceiptChecker } from './joining.ts'
import './moot-rerun.ts'
import { styles } from './moot-verify.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { choiceWords, evidenceWords } from './verdict-words.ts'
import { cut, listed, shortWords } from './words.ts'

const NAMES: Readonly<Record<Check['name'], string>> = {
  signatures: 'Signatures',
  model: 'Model',
  terms: 'Terms',
  draw: 'The draw',
  commitments: 'Commitments',
  input: 'Input',
  outputs: 'Outputs',
  agreement: 'Agreement',
}

/** What came of a file. */
type Read =
  | { readonly kind: 'receipt'; readonly file: Uint8Array; readonly checked: CheckedReceipt }
  | { readonly kind: 'evidence'; readonly report: EvidenceReport }
  /** Evidence before Join: what it is about, and the receipt in it, where there is one. */
  | { readonly kind: 'unplayed'; readonly checked: CheckedReceipt | undefined }

/** Checks a receipt file on this device, asking nobody, and after Join runs its model again; or replays evidence of a dispute. */
@customElement('moot-verify')
export class MootVerify extends LitElement {
  static override readonly styles = [base, controls, tones, checks, styles]

  /** Whoever runs models; nobody before Join. */
  @consume({ context: peerContext }) peer: Peer | undefined
  @property({ attribute: false }) check!: ReceiptChecker
  @state() private name = ''
  private readonly reading = new Task<Read>(this)

  override render(): TemplateResult {
    const { slow, value, fault: wrong } = this.reading
    return html`<h1 tabindex="-1">Check a receipt</h1>
      <p>
        Signatures, draw and commitments are checked here, offline. Nobody is asked. Evidence of a dispute is replayed
        ${this.peer ? 'here too.' : 'once you have joined.'}
      </p>
      <label
        class=${this.name ? 'drop taken' : 'drop'}
        @dragover=${(event: DragEvent) => event.preventDefault()}
        @drop=${this.drop}
      >
        ${icon('receipt', 2.4)}
        <span>Drop a receipt or evidence here, or choose a file</span>
        ${this.name ? html`<span class="small soft" title=${this.name}>${cut(this.name, 60)}</span>` : nothing}
        <input
          class="unseen"
          type="file"
          @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}
        />
      </label>
      ${slow ? waiting('Checking the file') : nothing} ${faultNote(wrong)} ${value ? this.renderRead(value) : nothing}`
  }

  private renderRead(read: Read): TemplateResult {
    switch (read.kind) {
      case 'receipt':
        return html`${this.renderReceipt(read.checked)}
        ${
          this.peer
            ? html`<section class="card stack">
                <h2>And the arithmetic?</h2>
                <moot-rerun .receipt=${read.file}></moot-rerun>
              </section>`
            : nothing
        }`
      case 'evidence':
        return html`<section class="card" role="status"><moot-report .report=${read.report}></moot-report></section>
          ${read.report.leaf ? html`<section class="card"><moot-leaf .leaf=${read.report.leaf}></moot-leaf></section>` : nothing}`
      case 'unplayed':
        return html`<section class="card stack" role="status">
            <h2>Evidence of a dispute</h2>
            <p>
              To replay it takes the engine, which comes with Join. Join a room, then open it under Receipts.
              ${read.checked ? 'The receipt in it is checked below.' : nothing}
            </p>
          </section>
          ${read.checked ? this.renderReceipt(read.checked) : nothing}`
      default:
        return read satisfies never
    }
  }

  private renderReceipt(checked: CheckedReceipt): TemplateResult {
    const { facts } = checked
    const { drawnFrom, claims } = facts.receipt.message
    const { replication } = facts.offer.message
    const chosen = choiceWords({ answered: claims.length, drawnFrom, replication })
    return html`<section class="card stack" role="status">
      ${this.renderHeading(checked)}
      <p>
        ${nicknameOf(facts.receipt.author)} asked ${cut(facts.manifest.name, 48)};
        ${listed(claims.map((claim) => nicknameOf(claim.peer)))} answered, ${chosen}.
      </p>
      <p class="soft">${evidenceWords(claims)}</p>
      ${checkList(checked.checks.map((check) => ({ ...check, title: NAMES[check.name] })))}
    </section>`
  }

  /** What the receipt says is told as so only where nothing in it fails. */
  private renderHeading({ facts, checks }: CheckedReceipt): TemplateResult {
    const { state: said } = facts.receipt.message
    const failed = checks.filter((check) => check.holds === false).length
    if (failed > 0)
      return html`<h2 class="state" data-tone="contested">${icon('warning', 1.5)}This receipt does not hold</h2>
        <p>
          <strong>${failed} of ${checks.length} checks fail: don't rely on it.</strong>
          It claims: ${shortWords(said).toLowerCase()}. All below is as it claims.
        </p>`
    const open = checks.filter((check) => check.holds === undefined).map((check) => check.name)
    // Without these what was said to come out is no more than said.
    const borneOut = open.every((name) => name === 'input' || name === 'outputs')
    return html`<h2 class="state" data-tone=${borneOut ? toneOf(said) : 'lone'}>
        ${stateMark(said)}${borneOut ? '' : 'It claims: '}${shortWords(said)}
      </h2>
      <p>
        <strong>Nothing in it fails a check.</strong>
        ${open.length > 0 ? `Left open: ${listed(open.map((name) => NAMES[name].toLowerCase()))}.` : nothing}
      </p>`
  }

  /** A receipt is checked, evidence is replayed: which of them it is the file says. */
  private async read(file: Uint8Array, signal: AbortSignal): Promise<Read> {
    const { isEvidence, receiptIn } = await import('./disputes/evidence-in.ts')
    if (!isEvidence(file)) return { kind: 'receipt', file, checked: await this.check(file) }
    if (this.peer === undefined) {
      const receipt = receiptIn(file)
      return { kind: 'unplayed', checked: receipt && (await this.check(receipt)) }
    }
    const [report] = await Promise.all([
      this.peer.replay(file, { signal }),
      import('./moot-report.ts'),
      import('./moot-leaf.ts'),
    ])
    return { kind: 'evidence', report }
  }

  private drop(event: DragEvent): void {
    event.preventDefault()
    this.take(event.dataTransfer?.files)
  }

  private take(files: FileList | null | undefined): void {
    const chosen = files?.[0]
    if (chosen === undefined) return
    this.name = chosen.name
    void this.reading.run(async (signal) => {
      if (chosen.size > MAX_EVIDENCE)
        throw fault({ code: 'TOO_LARGE', what: 'file', bytes: chosen.size, limit: MAX_EVIDENCE })
      return this.read(new Uint8Array(await chosen.arrayBuffer()), signal)
    })
  }
}

/** As the largest file that is read here, which is evidence; each kind has a limit of its own. */
const MAX_EVIDENCE = 96 * 1024 * 1024

declare global {
  interface HTMLElementTagNameMap {
    'moot-verify': MootVerify
  }
}
