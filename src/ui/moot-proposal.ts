import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { isName, isVersion, type Labels, type ValueInfo } from '../domain/manifest.ts'
import type { Proposal } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { guessImage, pictureInputs } from './models/image-presets.ts'
import './moot-image-fields.ts'
import './moot-label-fields.ts'
import { styles } from './moot-proposal.styles.ts'
import { segments } from './segments.ts'
import { cut } from './words.ts'

/** Tasks as Hugging Face names them, offered to be picked. */
const TASKS = [
  'image-classification',
  'object-detection',
  'image-segmentation',
  'image-to-image',
  'depth-estimation',
  'text-classification',
  'token-classification',
  'feature-extraction',
  'fill-mask',
  'audio-classification',
  'voice-activity-detection',
  'tabular-classification',
] as const

/** Licences that models come under most. */
const LICENCES = ['Apache-2.0', 'MIT', 'BSD-3-Clause', 'CC-BY-4.0', 'CC-BY-NC-4.0', 'CC0-1.0', 'unknown'] as const

const TEXTS = ['name', 'version', 'licence', 'task', 'notes'] as const

/** The inputs that a proposal fills, as a manifest holds them: a field with nothing in it is none. */
type Kind = 'numbers' | 'picture' | 'text'

/**
 * What is to be signed of a model, to be mended by whoever signs it.
 *
 * @slot - Further actions, beside Publish.
 * @fires moot-proposal - A `CustomEvent<Proposal>`: it is to be signed.
 */
@customElement('moot-proposal')
export class MootProposal extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) proposal!: Proposal
  @property({ attribute: false }) inputs: readonly ValueInfo[] = []
  @property({ attribute: false }) outputs: readonly ValueInfo[] = []
  @property({ type: Boolean }) busy = false
  /** As it is written now. */
  @state() private written!: Proposal
  /** Leaving pictures or text out and taking them in again loses nothing. */
  private offered!: Proposal

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('proposal')) this.written = this.offered = this.proposal
  }

  override render(): TemplateResult {
    const { written, outputs } = this
    return html`<form @submit=${this.submit}>
      <div class="pair">
        ${this.renderText('name', 'Name', { required: true, maxlength: 64, hint: nameHint(written.name) })}
        ${this.renderText('version', 'Version', { required: true, maxlength: 32, hint: versionHint(written.version) })}
        ${this.renderText('licence', 'Licence', { required: true, maxlength: 128, options: LICENCES })}
        ${this.renderText('task', 'Task', { maxlength: 64, options: TASKS })}
      </div>
      <div class="field">
        <label for="notes">What is new, for who has an earlier version</label>
        <textarea
          id="notes"
          dir="auto"
          rows="2"
          maxlength="2000"
          .value=${written.notes ?? ''}
          @input=${(event: Event) => this.write('notes', event)}
        ></textarea>
      </div>
      ${this.renderKind()}
      <section class="group">
        <h3>What comes out</h3>
        <moot-label-fields
          .labels=${written.labels}
          .outputs=${outputs}
          @moot-labels=${(event: CustomEvent<Labels | null>) => this.change({ labels: event.detail ?? undefined })}
        ></moot-label-fields>
      </section>
      <p class="small soft">
        Signed with your key and listed in this room. Anybody can read it; nobody can change it. What is published stays
        with whoever fetched it.
      </p>
      <div class="row">
        <button class="primary" ?disabled=${this.busy}>${this.busy ? 'Signing' : 'Publish'}</button>
        <slot></slot>
      </div>
    </form>`
  }

  private renderText(
    field: (typeof TEXTS)[number],
    label: string,
    options: { required?: boolean; maxlength: number; options?: readonly string[]; hint?: string | undefined },
  ): TemplateResult {
    const { required = false, maxlength, hint } = options
    return html`<div class="field">
      <label for=${field}>${label}</label>
      <input
        id=${field}
        type="text"
        autocomplete="off"
        dir="auto"
        list=${options.options ? `${field}s` : nothing}
        maxlength=${maxlength}
        ?required=${required}
        aria-describedby=${hint ? `${field}-hint` : nothing}
        .value=${this.written[field] ?? ''}
        @input=${(event: Event) => this.write(field, event)}
      />
      ${
        options.options
          ? html`<datalist id=${`${field}s`}>
              ${options.options.map((value) => html`<option value=${value}></option>`)}
            </datalist>`
          : nothing
      }
      ${hint ? html`<p class="small soft" id=${`${field}-hint`}>${hint}</p>` : nothing}
    </div>`
  }

  private renderKind(): TemplateResult {
    const { image, text } = this.written
    const kind: Kind = image ? 'picture' : text ? 'text' : 'numbers'
    const kinds: readonly (readonly [Kind, string])[] = [
      ['numbers', 'Numbers'],
      ...(this.offered.image || pictureInputs(this.inputs).length > 0 ? ([['picture', 'A picture']] as const) : []),
      ...(this.offered.text ? ([['text', 'A text']] as const) : []),
    ]
    return html`<section class="group">
      <h3>What goes in</h3>
      ${
        kinds.length === 1
          ? html`<p class="soft">Numbers, typed as JSON.</p>`
          : html`<fieldset>
              ${segments(
                'kind',
                'People give it',
                kinds.map(([each, label]) => [label, each === kind, () => this.choose(each)] as const),
              )}
            </fieldset>`
      }
      ${
        image
          ? html`<moot-image-fields
              .image=${image}
              .inputs=${this.inputs}
              @moot-image=${(event: CustomEvent<Proposal['image']>) => this.change({ image: event.detail })}
            ></moot-image-fields>`
          : nothing
      }
      ${text ? this.renderTokens(text) : nothing}
    </section>`
  }

  private renderTokens(text: NonNullable<Proposal['text']>): TemplateResult {
    return html`<div class="field narrow">
        <label for="most">Tokens at most</label>
        <input
          id="most"
          type="number"
          min="1"
          max="131072"
          required
          .value=${String(text.most)}
          @input=${(event: Event) =>
            this.change({ text: { ...text, most: (event.target as HTMLInputElement).valueAsNumber || 1 } })}
        />
      </div>
      <p class="small soft">
        ${cut(text.tokenizer, 60)} cuts the text into tokens for <code>${cut(text.ids, 40)}</code>; a longer text is
        cut.
      </p>`
  }

  private choose(kind: Kind): void {
    const [input] = pictureInputs(this.inputs)
    const image = this.offered.image ?? (input && guessImage(input))
    this.change({
      image: kind === 'picture' ? image : undefined,
      text: kind === 'text' ? this.offered.text : undefined,
    })
  }

  private write(field: (typeof TEXTS)[number], { target }: Event): void {
    this.change({ [field]: (target as HTMLInputElement | HTMLTextAreaElement).value })
  }

  private change(change: { [K in keyof Proposal]?: Proposal[K] | undefined }): void {
    const { image, text, ...rest } = { ...this.written, ...change }
    this.written = withoutGaps({ ...rest, image, text })
    this.offered = { ...this.offered, ...(image ? { image } : {}), ...(text ? { text } : {}) }
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault()
    const { task, notes, ...rest } = this.written
    const detail = withoutGaps({ ...rest, task: task?.trim() || undefined, notes: notes?.trim() || undefined })
    this.dispatchEvent(new CustomEvent('moot-proposal', { detail, bubbles: true, composed: true }))
  }
}

/** A field that holds nothing is none. */
const withoutGaps = (proposal: { [K in keyof Proposal]: Proposal[K] | undefined }): Proposal =>
  Object.fromEntries(Object.entries(proposal).filter(([, value]) => value !== undefined)) as unknown as Proposal

const nameHint = (name: string): string | undefined =>
  isName(name.trim()) ? undefined : 'Letters and digits, with . _ - and spaces between.'

const versionHint = (version: string): string | undefined =>
  isVersion(version.trim()) ? undefined : 'Letters and digits, with . + _ - between: 1.0.0'

declare global {
  interface HTMLElementTagNameMap {
    'moot-proposal': MootProposal
  }
  interface HTMLElementEventMap {
    'moot-proposal': CustomEvent<Proposal>
  }
}
