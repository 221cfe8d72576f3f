import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { fault } from '../domain/fault.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { Check, CheckedReceipt } from '../domain/check-receipt.ts'
import { MAX_RECEIPT } from '../domain/receipt.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
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
import { choiceWords, cut, evidenceWords, listed, shortWords } from './words.ts'

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

interface Read {
  readonly file: Uint8Array
  readonly checked: CheckedReceipt
}

/** Checks a receipt file on this device, asking nobody, and after Join runs its model again. */
@customElement('moot-verify')
export class MootVerify extends LitElement {
  static override readonly styles = [base, controls, tones, styles]

  /** Whoever runs models; nobody before Join. */
  @consume({ context: peerContext }) peer: Peer | undefined
  @property({ attribute: false }) check!: ReceiptChecker
  @state() private name = ''
  private readonly reading = new Task<Read>(this)

  override render(): TemplateResult {
    const { slow, value, fault: wrong } = this.reading
    return html`<h1 tabindex="-1">Check a receipt</h1>
      <p>Signatures, draw and commitments are checked here, offline. Nobody is asked.</p>
      <label
        class=${this.name ? 'drop taken' : 'drop'}
        @dragover=${(event: DragEvent) => event.preventDefault()}
        @drop=${this.drop}
      >
        ${icon('receipt', 2.4)}
        <span>Drop a receipt file here, or choose one</span>
        ${this.name ? html`<span class="small soft" title=${this.name}>${cut(this.name, 60)}</span>` : nothing}
        <input
          class="unseen"
          type="file"
          @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}
        />
      </label>
      ${slow ? waiting('Checking the receipt') : nothing} ${faultNote(wrong)}
      ${value ? this.renderRead(value) : nothing}`
  }

  private renderRead({ file, checked }: Read): TemplateResult {
    const { facts, checks } = checked
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
        <ul>
          ${checks.map((check) => this.renderCheck(check))}
        </ul>
      </section>
      ${
        this.peer
          ? html`<section class="card stack">
              <h2>And the arithmetic?</h2>
              <moot-rerun .receipt=${file}></moot-rerun>
            </section>`
          : nothing
      }`
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

  private renderCheck({ name, holds, detail }: Check): TemplateResult {
    const [kind, drawing, words] =
      holds === undefined
        ? (['absent', 'absent', 'cannot be checked'] as const)
        : holds
          ? (['holds', 'holds', 'holds'] as const)
          : (['fails', 'fails', 'fails'] as const)
    return html`<li class=${kind}>
      ${icon(drawing)}<strong>${NAMES[name]}: ${words}</strong><span class="small soft">${cut(detail, 300)}</span>
    </li>`
  }

  private drop(event: DragEvent): void {
    event.preventDefault()
    this.take(event.dataTransfer?.files)
  }

  private take(files: FileList | null | undefined): void {
    const chosen = files?.[0]
    if (chosen === undefined) return
    this.name = chosen.name
    void this.reading.run(async () => {
      if (chosen.size > MAX_RECEIPT)
        throw fault({ code: 'TOO_LARGE', what: 'receipt', bytes: chosen.size, limit: MAX_RECEIPT })
      const file = new Uint8Array(await chosen.arrayBuffer())
      return { file, checked: await this.check(file) }
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-verify': MootVerify
  }
}
