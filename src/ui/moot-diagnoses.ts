import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import type { Diagnosis, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { diagnosisWords, shapesOf } from './disputes/diagnosis-words.ts'
import { download } from './download.ts'
import { icon } from './icons.ts'
import './moot-copy.ts'
import { styles } from './moot-diagnoses.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { table } from './table.styles.ts'
import { operatorName } from './contest-words.ts'
import { cut, plain } from './words.ts'

/** Operators listed of one model: the report names all. */
const MOST_FAULTS = 12

/**
 * What this device's GPU was found to compute differently from the reference, by the device itself, and the way to look.
 *
 * @fires moot-use-cpu - A person wants to compute with the CPU from here on.
 */
@customElement('moot-diagnoses')
export class MootDiagnoses extends LitElement {
  static override readonly styles = [base, controls, table, styles]

  @consume({ context: peerContext }) peer!: Peer
  @query('select') private readonly choice!: HTMLSelectElement
  private readonly checking = new Task<Diagnosis>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { device, models } = this.peer.view
    const { slow, pending, value, fault } = this.checking
    const isOn = device.settings.engine === 'gpu'
    // What was just looked at, where it is nothing to keep.
    const looked = value && device.diagnoses.every(({ model }) => model !== value.model) ? [value] : []
    return html`<section class="card">
      <h2>What this GPU computes</h2>
      ${[...device.diagnoses, ...looked].map((diagnosis) => this.renderDiagnosis(diagnosis, isOn))}
      <p class="unseen" role="status">${value ? diagnosisWords(value) : ''}</p>
      ${
        isOn && models.length > 0
          ? html`<form @submit=${this.check}>
              <label for="model">Check this GPU on a model, operator by operator</label>
              <div class="row">
                <div class="select">
                  <select id="model">
                    ${models.map(({ id, manifest: { name, version } }) => html`<option value=${id}>${cut(name, 40)} ${cut(version, 16)}</option>`)}</select
                  >${icon('open')}
                </div>
                <button ?disabled=${pending}>Check this GPU</button>
              </div>
            </form>`
          : nothing
      }
      ${slow ? waiting('Running each operator on the GPU and on the reference') : nothing} ${faultNote(fault)}
    </section>`
  }

  private renderDiagnosis(diagnosis: Diagnosis, isOn: boolean): TemplateResult {
    const { faults, adapter, build, modelName, report, reproduction } = diagnosis
    const faulty = faults.length > 0
    const file = `moot-gpu-${modelName.replace(/[^\w.-]+/g, '-').slice(0, 40)}`
    return html`<article class=${faulty ? 'faulty' : ''}>
      <p class="finding">${icon(faulty ? 'warning' : 'holds')}<span>${diagnosisWords(diagnosis)}</span></p>
      ${faulty ? this.renderFaults(diagnosis) : nothing}
      <p class="small soft">
        ${cut(modelName, 60)} · ${cut(adapter, 60)} · <span title=${build}>${cut(build, 60)}</span> ·
        ${countWords(diagnosis)}
      </p>
      ${
        faulty
          ? html`<div class="row">
              <moot-copy label="Copy report" .text=${report}></moot-copy>
              <button class="slim" @click=${() => download(new TextEncoder().encode(report), `${file}.md`)}>
                ${icon('download')}Save report (.md)
              </button>
              ${
                reproduction
                  ? html`<button class="slim" @click=${() => download(reproduction.model, `${file}.onnx`)}>
                      ${icon('file')}Save the operator (.onnx)
                    </button>`
                  : nothing
              }
              ${isOn ? html`<button class="slim" @click=${this.useCpu}>${icon('cpu')}Use the CPU</button>` : nothing}
            </div>`
          : nothing
      }
    </article>`
  }

  private renderFaults({ faults }: Diagnosis): TemplateResult {
    const more = faults.length - MOST_FAULTS
    return html`<table>
        <caption class="unseen">
          Operators that this GPU computes differently
        </caption>
        <thead>
          <tr>
            <th scope="col">Operator</th>
            <th scope="col">Shapes</th>
            <th scope="col">Difference</th>
            <th scope="col">Limit</th>
          </tr>
        </thead>
        <tbody>
          ${faults.slice(0, MOST_FAULTS).map(
            (fault) =>
              html`<tr>
                <th scope="row"><span title=${fault.operator.name}>${operatorName(fault.operator)}</span></th>
                <td class="wide" data-of="Shapes"><bdi dir="ltr">${shapesOf(fault)}</bdi></td>
                <td data-of="Difference">${plain(fault.deviation.scaled)}</td>
                <td data-of="Limit">${plain(fault.limit.scaled)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${more > 0 ? html`<p class="small soft">and ${more} more, all in the report.</p>` : nothing}`
  }

  private check(event: Event): void {
    event.preventDefault()
    const model = this.choice.value
    void this.checking.run((signal) => this.peer.diagnose(model, { signal }))
  }

  private useCpu(): void {
    this.dispatchEvent(new CustomEvent('moot-use-cpu'))
  }
}

function countWords({ compared, leftToCpu = 0, skipped = 0 }: Diagnosis): string {
  const left = leftToCpu > 0 ? `, ${leftToCpu} left to the CPU` : ''
  const out = skipped > 0 ? `, ${skipped} that cannot be run alone` : ''
  return `${compared} ${compared === 1 ? 'operator' : 'operators'} compared${left}${out}`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-diagnoses': MootDiagnoses
  }
  interface HTMLElementEventMap {
    'moot-use-cpu': CustomEvent<null>
  }
}
