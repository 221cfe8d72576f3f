import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { elements } from '../domain/elements.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Tensor, Tensors } from '../domain/tensor.ts'
import { base } from './base.styles.ts'
import { ColorScheme } from './controllers/color-scheme.ts'
import { styles } from './moot-input-view.styles.ts'
import { frameOf, readsInk } from './picture/picture-tensor.ts'
import { cut } from './words.ts'

/** What a model was given: as a picture where it is one, else as names and shapes. */
@customElement('moot-input-view')
export class MootInputView extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) manifest!: Manifest
  @property({ attribute: false }) input!: Tensors
  @query('canvas') private canvas!: HTMLCanvasElement | null

  constructor() {
    super()
    void new ColorScheme(this)
  }

  override render(): TemplateResult {
    if (this.picture()) return html`<canvas role="img" aria-label="What the model was given"></canvas>`
    return html`${Object.entries(this.input).map(
      ([name, { dtype, dims }]) =>
        html`<p title=${name}>
          ${cut(name, 40)} <span class="soft">${dtype} ${dims.join(' × ') || 'one value'}</span>
        </p>`,
    )}`
  }

  protected override updated(_: PropertyValues<this>): void {
    const context = this.canvas?.getContext('2d')
    const picture = this.picture()
    const { image } = this.manifest
    if (!context || !picture || !image) return
    const { width, height } = frameOf(picture, image)
    context.canvas.width = width
    context.canvas.height = height
    const ink = readsInk(this.manifest)
    context.putImageData(this.pixels(picture, width, height, ink), 0, 0)
    if (!ink) return
    // Ink takes the colour of text, on whatever ground there is.
    context.globalCompositeOperation = 'source-in'
    context.fillStyle = getComputedStyle(context.canvas).color
    context.fillRect(0, 0, width, height)
  }

  private picture(): Tensor | undefined {
    const { image } = this.manifest
    return image && this.input[image.input]
  }

  /** Undoes the model's own scaling, so that the picture looks as the model was meant to see it. */
  private pixels(tensor: Tensor, width: number, height: number, ink: boolean): ImageData {
    const { planes = [], mean = [], deviation = [], layout } = this.manifest.image ?? {}
    const values = elements(tensor)
    const data = new Uint8ClampedArray(width * height * 4)
    const plane = (name: string) =>
      Math.max(
        0,
        planes.findIndex((each) => each === name || each === 'gray'),
      )
    const channels = ['red', 'green', 'blue'].map(plane)
    for (let i = 0; i < width * height; i++) {
      channels.forEach((p, c) => {
        const at = layout === 'nhwc' ? i * planes.length + p : p * width * height + i
        const value = (values[at] ?? 0) * (deviation[p] ?? 1) + (mean[p] ?? 0)
        data[i * 4 + (ink ? 3 : c)] = value
      })
      if (!ink) data[i * 4 + 3] = 255
    }
    return new ImageData(data, width, height)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-input-view': MootInputView
  }
}
