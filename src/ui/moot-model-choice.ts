import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { fault } from '../domain/fault.ts'
import { MAX_MODEL } from '../domain/manifest.ts'
import type { ModelSummary, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-model-choice.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { byteSize, cut } from './words.ts'

const SOURCES: Readonly<Record<ModelSummary['source'], string>> = {
  shipped: 'comes with the app',
  file: 'from this device',
  peer: 'from another tab',
}

/**
 * The models that can be asked, and the way to open one from this device.
 *
 * @fires moot-model - A `CustomEvent<ModelSummary>`: a model was chosen or opened.
 */
@customElement('moot-model-choice')
export class MootModelChoice extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) chosen: string | undefined
  private readonly opening = new Task<ModelSummary>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { models } = this.peer.view
    const model = models.find(({ id }) => id === this.chosen)
    return html`<div class="field">
      <label for="model">Model</label>
      <div class="select">
        <select id="model" ?disabled=${models.length === 0} @change=${this.choose}>
          ${models.map(
            ({ id, manifest }) =>
              html`<option value=${id} .selected=${id === this.chosen} title=${manifest.name}>
                ${cut(manifest.name, 48)} ${cut(manifest.version, 16)}
              </option>`,
          )}
          ${models.length === 0 ? html`<option>No model yet. Open one.</option>` : ''}
        </select>
        ${icon('open')}
      </div>
      <div class="about">
        <span class="small soft">${model && aboutModel(model)}</span>
        <label class="button"
          >${icon('file')}Open an ONNX file<input class="unseen" type="file" accept=".onnx" @change=${this.open}
        /></label>
      </div>
      ${this.opening.slow ? waiting('Reading and checking the model') : ''} ${faultNote(this.opening.fault)}
    </div>`
  }

  private choose(event: Event): void {
    const id = (event.target as HTMLSelectElement).value
    const model = this.peer.view.models.find((each) => each.id === id)
    if (model) this.tell(model)
  }

  private open(event: Event): void {
    const field = event.target as HTMLInputElement
    const file = field.files?.[0]
    if (file === undefined) return
    void this.opening.run(async (signal) => {
      if (file.size > MAX_MODEL) throw fault({ code: 'TOO_LARGE', what: 'model', bytes: file.size, limit: MAX_MODEL })
      const bytes = new Uint8Array(await file.arrayBuffer())
      const model = await this.peer.openModel(file.name.replace(/\.onnx$/i, ''), bytes, { signal })
      this.tell(model)
      return model
    })
    field.value = ''
  }

  private tell(model: ModelSummary): void {
    this.dispatchEvent(new CustomEvent('moot-model', { detail: model, bubbles: true, composed: true }))
  }
}

const aboutModel = ({ manifest, source, cached }: ModelSummary): string =>
  [byteSize(manifest.file.size), SOURCES[source], cached ? 'kept here' : 'not kept here yet'].join(' · ')

declare global {
  interface HTMLElementTagNameMap {
    'moot-model-choice': MootModelChoice
  }
  interface HTMLElementEventMap {
    'moot-model': CustomEvent<ModelSummary>
  }
}
