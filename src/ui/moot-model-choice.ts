import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { runFiles, sizeOf } from '../domain/manifest.ts'
import type { ModelSummary, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { search } from './models/search.ts'
import { isRunnable } from './models/size.ts'
import { styles } from './moot-model-choice.styles.ts'
import { note } from './notes.ts'
import { linkTo } from './route.ts'
import { byteSize, cut, flagWords, whereWords } from './words.ts'

/** Models past which there is a field to search among them: more than a list shows at once on a phone. */
const LONG = 8

/**
 * The models that can be asked, and the way to add one.
 *
 * @fires moot-model - A `CustomEvent<ModelSummary>`: a model was chosen.
 */
@customElement('moot-model-choice')
export class MootModelChoice extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @property({ attribute: false }) chosen: string | undefined
  @state() private query = ''

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room, models } = this.peer.view
    const runnable = models.filter(isRunnable)
    const model = runnable.find(({ id }) => id === this.chosen)
    const flags = model && flagWords(model.opinions)
    return html`<div class="field">
      <label for="model">Model</label>
      ${runnable.length > LONG ? this.renderSearch() : nothing} ${this.renderSelect(runnable)}
      <div class="about">
        <span class="small soft">${model && aboutModel(model)}</span>
        <a href=${linkTo(room, { name: 'add' })}>${icon('file')}Add a model</a>
      </div>
      ${flags === undefined ? nothing : note(flags, 'flag')}
    </div>`
  }

  private renderSearch(): TemplateResult {
    return html`<input
      type="search"
      aria-label="Search the models"
      placeholder="Name, publisher, task or label"
      maxlength="64"
      .value=${this.query}
      @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)}
    />`
  }

  /** The chosen one stays in the list, whatever is searched for. */
  private renderSelect(models: readonly ModelSummary[]): TemplateResult {
    const found = new Set(search(models, this.query).map(({ model }) => model))
    const shown = models.filter((model) => found.has(model) || model.id === this.chosen)
    const here = shown.filter(({ cached }) => cached)
    const elsewhere = shown.filter(({ cached }) => !cached)
    const options = (list: readonly ModelSummary[]) => list.map((model) => this.renderOption(model, models))
    return html`<div class="select">
      <select id="model" ?disabled=${models.length === 0} @change=${this.choose}>
        ${
          here.length === 0 || elsewhere.length === 0
            ? options(shown)
            : html`<optgroup label="Here">${options(here)}</optgroup>
                <optgroup label="In the room">${options(elsewhere)}</optgroup>`
        }
        ${models.length === 0 ? html`<option>No model yet. Add one.</option>` : nothing}
      </select>
      ${icon('open')}
    </div>`
  }

  /** Where two publishers use one name, each is told by its publisher. */
  private renderOption({ id, manifest, publisher }: ModelSummary, models: readonly ModelSummary[]): TemplateResult {
    const { name, version } = manifest
    const shared = models.some(
      (other) => other.manifest.name === name && other.manifest.publisher !== manifest.publisher,
    )
    return html`<option value=${id} .selected=${id === this.chosen} title=${name}>
      ${cut(name, 48)} ${cut(version, 16)}${shared ? `, by ${publisher}` : ''}
    </option>`
  }

  private choose(event: Event): void {
    const id = (event.target as HTMLSelectElement).value
    const model = this.peer.view.models.find((each) => each.id === id)
    if (model) this.dispatchEvent(new CustomEvent('moot-model', { detail: model, bubbles: true, composed: true }))
  }
}

const aboutModel = (model: ModelSummary): string =>
  [byteSize(sizeOf(runFiles(model.manifest))), originWords(model), whereWords(model)].filter(Boolean).join(' · ')

const originWords = ({ source, publisher }: ModelSummary): string =>
  source === 'shipped' ? 'comes with the app' : source === 'mine' ? 'published by you' : `by ${publisher}`

declare global {
  interface HTMLElementTagNameMap {
    'moot-model-choice': MootModelChoice
  }
  interface HTMLElementEventMap {
    'moot-model': CustomEvent<ModelSummary>
  }
}
