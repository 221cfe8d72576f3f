import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { nicknameOf } from '../../domain/nickname.ts'
import type { CaseFile } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import '../moot-input-view.ts'
import '../moot-rerun.ts'
import '../moot-result.ts'
import { faultNote, note, waiting } from '../notes.ts'
import { letterOf } from '../result.ts'
import { cut, listed } from '../words.ts'
import { namesOf } from './jury-words.ts'
import { styles } from './moot-case-file.styles.ts'

/** Different outputs that are shown; more answers than tabs are seated there cannot be. */
const MOST_OUTPUTS = 12

/**
 * What was asked and answered, as a party shows it to whoever sits.
 *
 * @fires moot-shown - It was shown, or it is known that it cannot be.
 */
@customElement('moot-case-file')
export class MootCaseFile extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Id of the CONTEST, hex. */
  @property() contest = ''
  /** Fetch it at once: else a person is asked first, for others are asked for it. */
  @property({ type: Boolean }) eager = false
  private readonly fetching = new Task<CaseFile>(this)

  override render(): TemplateResult {
    const { value, fault, slow, pending } = this.fetching
    return html`<h2>The evidence</h2>
      ${value ? this.renderFile(value) : nothing}
      ${
        value || pending
          ? nothing
          : html`${faultNote(fault)}
              <p class="soft">
                Input and outputs stay with the parties. They show them to whoever sits on the jury, and may refuse all
                others.
              </p>
              <div class="row">
                <button @click=${this.fetch}>${fault ? 'Ask for it again' : 'Ask for the evidence'}</button>
              </div>`
      }
      ${slow ? waiting('Asking the parties for it') : nothing}`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if ((changed.has('contest') || changed.has('eager')) && this.eager) void this.fetch()
  }

  private renderFile({ file, checked, manifest, input, outputs }: CaseFile): TemplateResult {
    const failed = checked.checks.filter(({ holds }) => holds === false)
    return html`${
        failed.length > 0
          ? note(
              `Its record does not hold in all: ${listed(failed.map(({ name, detail }) => `${name} (${cut(detail, 120)})`))}.`,
              'flag',
            )
          : html`<p class="small soft">
              Its record holds as far as it can be checked: ${checked.checks.filter(({ holds }) => holds).length} of
              ${checked.checks.length} checks hold, none fails.
            </p>`
      }
      <div class="pair">
        <section>
          <h3>Asked of <span title=${manifest.name}>${cut(manifest.name, 48)} ${cut(manifest.version, 16)}</span></h3>
          ${
            input
              ? html`<div class=${manifest.image ? 'asked' : ''}>
                  <moot-input-view .manifest=${manifest} .input=${input}></moot-input-view>
                </div>`
              : html`<p class="soft">No party shows the input; its hash remains.</p>`
          }
        </section>
        ${outputs.slice(0, MOST_OUTPUTS).map(
          ({ peers, output, returned }, i, { length }) =>
            html`<section>
              <h3>
                ${length > 1 ? `Answer ${letterOf(i)}` : 'Answered'} by
                <span title=${listed(peers.map(nicknameOf))}>${namesOf(peers)}</span>${
                  returned && length > 1 ? html`<small> · the one that was returned</small>` : nothing
                }
              </h3>
              ${
                output
                  ? html`<moot-result .manifest=${manifest} .output=${output}></moot-result>`
                  : html`<p class="soft">No party shows this output; its hash remains.</p>`
              }
            </section>`,
        )}
      </div>
      <moot-rerun .receipt=${file}></moot-rerun>`
  }

  private readonly fetch = async (): Promise<void> => {
    await this.fetching.run((signal) => this.peer.governance.caseFile(this.contest, { signal }))
    if (!this.isConnected || this.fetching.pending) return
    this.dispatchEvent(new CustomEvent('moot-shown'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-case-file': MootCaseFile
  }
  interface HTMLElementEventMap {
    'moot-shown': CustomEvent<null>
  }
}
