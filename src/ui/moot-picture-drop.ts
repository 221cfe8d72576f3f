import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-picture-drop.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { decodePicture } from './picture/decode.ts'
import type { Pixels } from './picture/picture-tensor.ts'

/**
 * Takes a picture: chosen, dropped on it, or pasted anywhere on the page. It is decoded here and never sent as a file.
 *
 * @fires moot-picture - A `CustomEvent<Pixels>`: a picture was decoded.
 */
@customElement('moot-picture-drop')
export class MootPictureDrop extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) picture: Pixels | undefined
  @query('canvas') private canvas!: HTMLCanvasElement | null
  private readonly decoding = new Task<Pixels>(this)

  override render(): TemplateResult {
    return html`<label class="drop" @dragover=${this.over} @drop=${this.drop}>
        ${
          this.picture
            ? html`<canvas role="img" aria-label="The picture to ask about"></canvas
                ><span class="small soft">Choose another</span>`
            : html`${icon('picture', 2.4)}<span>Drop a picture here, paste one, or choose a file</span>
                <span class="small soft">It is decoded on this device; the tabs that answer get its numbers.</span>`
        }
        <input
          class="unseen"
          type="file"
          accept="image/*"
          @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}
        />
      </label>
      ${this.decoding.slow ? waiting('Decoding the picture') : ''} ${faultNote(this.decoding.fault)}`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('paste', this.paste)
  }

  override disconnectedCallback(): void {
    removeEventListener('paste', this.paste)
    super.disconnectedCallback()
  }

  protected override updated(_: PropertyValues<this>): void {
    const { picture, canvas } = this
    if (!picture || !canvas) return
    canvas.width = picture.width
    canvas.height = picture.height
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(picture.data), picture.width), 0, 0)
  }

  private readonly paste = (event: ClipboardEvent): void => this.take(event.clipboardData?.files)

  private over(event: DragEvent): void {
    event.preventDefault()
  }

  private drop(event: DragEvent): void {
    event.preventDefault()
    this.take(event.dataTransfer?.files)
  }

  private take(files: FileList | null | undefined): void {
    const file = files?.[0]
    if (file === undefined) return
    void this.decoding.run(async () => {
      const picture = await decodePicture(file)
      this.dispatchEvent(new CustomEvent('moot-picture', { detail: picture, bubbles: true, composed: true }))
      return picture
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-picture-drop': MootPictureDrop
  }
  interface HTMLElementEventMap {
    'moot-picture': CustomEvent<Pixels>
  }
}
