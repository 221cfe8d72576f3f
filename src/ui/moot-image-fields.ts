import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ImageInput, ValueInfo } from '../domain/manifest.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import {
  PLANE_ORDERS,
  pictureInputs,
  PRESETS,
  presetOf,
  withPlanes,
  withPreset,
  type Preset,
} from './models/image-presets.ts'
import { styles } from './moot-image-fields.styles.ts'
import { frameOf } from './picture/picture-tensor.ts'
import { segments } from './segments.ts'
import { cut } from './words.ts'

/**
 * How a picture becomes an input: its planes, its numbers, and what of it the model sees.
 *
 * @fires moot-image - A `CustomEvent<ImageInput>`: something of it changed.
 */
@customElement('moot-image-fields')
export class MootImageFields extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) image!: ImageInput
  @property({ attribute: false }) inputs: readonly ValueInfo[] = []
  /** Numbers of one's own were asked for, even if they are those of a preset so far. */
  @state() private custom = false

  override render(): TemplateResult {
    const { image, inputs } = this
    const preset = this.custom ? undefined : presetOf(image)
    const isGray = image.planes.join() === 'gray'
    return html`${this.renderInput(pictureInputs(inputs))}
      <fieldset>
        ${segments(
          'planes',
          'Colours, in the order the model wants',
          PLANE_ORDERS.map(
            ({ name, planes }) =>
              [name, planes.join() === image.planes.join(), () => this.tell(withPlanes(image, planes))] as const,
          ),
        )}
      </fieldset>
      <fieldset>
        <legend>Numbers it was trained on</legend>
        <div class="presets">
          ${PRESETS.filter(({ key }) => !(isGray && key === 'caffe')).map((each) =>
            this.renderPreset(each.name, each.example, each === preset, () => this.choose(each)),
          )}
          ${this.renderPreset(
            'Other numbers',
            'Minus a mean, divided by a deviation, for each colour.',
            preset === undefined,
            () => this.choose(undefined),
          )}
        </div>
      </fieldset>
      ${preset === undefined ? this.renderNumbers(image) : nothing} ${this.renderFrame(image)}`
  }

  private renderInput(candidates: readonly ValueInfo[]): TemplateResult | typeof nothing {
    if (candidates.length < 2) return nothing
    return html`<div>
      <label for="input">Which input</label>
      <select
        id="input"
        @change=${(event: Event) => this.tell({ ...this.image, input: (event.target as HTMLSelectElement).value })}
      >
        ${candidates.map(
          ({ name }) => html`<option value=${name} .selected=${name === this.image.input}>${cut(name, 60)}</option>`,
        )}
      </select>
    </div>`
  }

  private renderPreset(name: string, example: string, checked: boolean, choose: () => void): TemplateResult {
    return html`<label
      ><input type="radio" name="preset" .checked=${checked} @change=${choose} /><span
        >${name}<span class="small soft">${example}</span></span
      ></label
    >`
  }

  private renderNumbers({ planes, mean, deviation }: ImageInput): TemplateResult {
    const row = (field: 'mean' | 'deviation', label: string, values: readonly number[]) =>
      html`<fieldset>
        <legend>${label}</legend>
        <div class="numbers">
          ${planes.map(
            (plane, i) =>
              html`<label
                >${plane}<input
                  type="number"
                  step="any"
                  required
                  .value=${String(values[i] ?? 0)}
                  @change=${(event: Event) => this.write(field, i, (event.target as HTMLInputElement).valueAsNumber)}
              /></label>`,
          )}
        </div>
      </fieldset>`
    return html`${row('mean', 'Mean to take off, of levels from 0 to 255', mean)}
    ${row('deviation', 'Deviation to divide by', deviation)}`
  }

  private renderFrame(image: ImageInput): TemplateResult {
    const { shorterSide, ...stretched } = image
    const input = this.inputs.find(({ name }) => name === image.input)
    const { width, height } = frameOf(input ?? { dims: [] }, image)
    const side = Math.max(width, height)
    return html`<fieldset>
        ${segments('frame', `Fit to ${width} × ${height} pixels`, [
          ['Stretch', shorterSide === undefined, () => this.tell(stretched)],
          ['Cut out the middle', shorterSide !== undefined, () => this.tell({ ...image, shorterSide: side })],
        ])}
      </fieldset>
      ${
        shorterSide === undefined
          ? nothing
          : html`<div class="side">
              <label for="side">Pixels of the shorter side before cutting</label>
              <input
                id="side"
                type="number"
                min="1"
                max="8192"
                required
                .value=${String(shorterSide)}
                @change=${(event: Event) =>
                  this.tell({ ...image, shorterSide: (event.target as HTMLInputElement).valueAsNumber || side })}
              />
            </div>`
      }`
  }

  private choose(preset: Preset | undefined): void {
    this.custom = preset === undefined
    if (preset) this.tell(withPreset(this.image, preset))
  }

  private write(field: 'mean' | 'deviation', at: number, value: number): void {
    // Dividing by 0 makes no number.
    if (!Number.isFinite(value) || (field === 'deviation' && value === 0)) return this.requestUpdate()
    this.custom = true
    this.tell({ ...this.image, [field]: this.image[field].with(at, value) })
  }

  private tell(image: ImageInput): void {
    this.dispatchEvent(new CustomEvent('moot-image', { detail: image, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-image-fields': MootImageFields
  }
  interface HTMLElementEventMap {
    'moot-image': CustomEvent<ImageInput>
  }
}
