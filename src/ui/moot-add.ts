import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import { originOf } from '../domain/model-origin.ts'
import type { Peer, UnfinishedImport } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { hostingContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import type { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import { filesOrigin } from './models/origins.ts'
import { styles } from './moot-add.styles.ts'
import './moot-import.ts'
import { faultNote } from './notes.ts'
import { linkTo } from './route.ts'
import { byteSize, cut } from './words.ts'

/** Adding a model: from files, from the web or from Hugging Face; what was left half-way; and the import under way. */
@customElement('moot-add')
export class MootAdd extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: hostingContext }) hosting!: Hosting
  @state() private address = ''
  @state() private fault: Fault | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
    void new Subscription(this, () => this.hosting)
  }

  /** What was published is in the list: nobody has to put it away. */
  override disconnectedCallback(): void {
    if (this.hosting.import?.view.phase === 'done') this.hosting.dismiss()
    super.disconnectedCallback()
  }

  override render(): TemplateResult {
    const { room } = this.peer.view
    return html`<a class="back" href=${linkTo(room, { name: 'models' })}>${icon('back')}All models</a>
      <h1 tabindex="-1">Add a model</h1>
      ${
        this.hosting.import
          ? html`<moot-import></moot-import>`
          : html`${this.renderFiles()} ${this.renderAddress()} ${this.renderUnfinished()}
              <p class="small soft">
                It is read and checked on this device, then signed with your key and listed in this room. Whoever asks
                it fetches it from here. A model that another tab holds is in the list of models: keep it here from
                there.
              </p>`
      }`
  }

  private renderFiles(): TemplateResult {
    return html`<label class="drop" @dragover=${(event: DragEvent) => event.preventDefault()} @drop=${this.drop}>
      ${icon('models', 2.4)}
      <span>Drop the model's files here, or choose them</span>
      <span class="small soft">
        An .onnx file and, all at once, what lies beside it: its weights (.onnx_data), labels.txt, config.json,
        preprocessor_config.json, tokenizer.json …
      </span>
      <input
        class="unseen"
        type="file"
        multiple
        @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}
      />
    </label>`
  }

  private renderAddress(): TemplateResult {
    return html`<form @submit=${this.submit}>
      <label for="address">Or a web address or Hugging Face id</label>
      <div class="line">
        <input
          id="address"
          type="text"
          inputmode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          dir="ltr"
          maxlength="4096"
          placeholder="owner/name, or https://…/model.onnx"
          .value=${this.address}
          @input=${(event: Event) => (this.address = (event.target as HTMLInputElement).value)}
        />
        <button ?disabled=${this.address.trim() === ''}>Look</button>
      </div>
      ${faultNote(this.fault)}
    </form>`
  }

  private renderUnfinished(): TemplateResult | typeof nothing {
    const { unfinished } = this.peer.models
    if (unfinished.length === 0) return nothing
    return html`<section class="card">
      <h2>Left half-way</h2>
      <ul>
        ${unfinished.map((each) => this.renderHalf(each))}
      </ul>
    </section>`
  }

  private renderHalf({ key, title, bytes, origin }: UnfinishedImport): TemplateResult {
    const name = cut(title, 60)
    return html`<li>
      <div>
        <p title=${title}><strong>${name}</strong></p>
        <p class="small soft">
          ${byteSize(bytes)} read.${origin ? '' : ' Give the same files again to go on: nothing is read twice.'}
        </p>
      </div>
      <div class="row">
        ${
          origin
            ? html`<button class="slim" aria-label=${`Resume: ${name}`} @click=${() => this.hosting.start(origin)}>
                ${icon('resume')}Resume
              </button>`
            : nothing
        }
        <button class="slim" aria-label=${`Discard: ${name}`} @click=${() => this.discard(key)}>
          ${icon('remove')}Discard
        </button>
      </div>
    </li>`
  }

  private drop(event: DragEvent): void {
    event.preventDefault()
    this.take(event.dataTransfer?.files)
  }

  private take(files: FileList | null | undefined): void {
    this.fault = undefined
    if (files?.length) this.hosting.start(filesOrigin(files))
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault()
    this.fault = undefined
    try {
      this.hosting.start(originOf(this.address))
      this.address = ''
    } catch (error) {
      this.fault = faultOf(error)
    }
  }

  private discard(key: string): void {
    this.peer.models.discard(key).catch((error: unknown) => (this.fault = faultOf(error)))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-add': MootAdd
  }
}
