import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import { ColorScheme } from './controllers/color-scheme.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-digit-pad.styles.ts'
import { SAMPLE_DIGITS } from './picture/sample-digits.ts'
import { drawStrokes, type Point, type Stroke } from './picture/strokes.ts'

/** Points of one drawing: minutes of drawing, and little to keep. */
const MAX_POINTS = 20_000

/**
 * A pad to draw a digit on, by mouse, pen or finger; by keyboard a digit can be had drawn.
 *
 * @fires moot-strokes - A `CustomEvent<readonly Stroke[]>`: the drawing changed.
 */
@customElement('moot-digit-pad')
export class MootDigitPad extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) strokes: readonly Stroke[] = []
  @query('canvas') private canvas!: HTMLCanvasElement

  private readonly resized = new ResizeObserver(() => this.paint())
  private drawing: number | undefined

  constructor() {
    super()
    void new ColorScheme(this)
  }

  override render(): TemplateResult {
    const empty = this.strokes.length === 0
    return html`<div class="paper">
        <canvas
          role="img"
          aria-label=${empty ? 'Pad, empty' : `Pad with a drawing of ${this.strokes.length} strokes`}
          @pointerdown=${this.begin}
          @pointermove=${this.move}
          @pointerup=${this.end}
          @pointercancel=${this.end}
        ></canvas>
        ${empty ? html`<p aria-hidden="true">Draw a digit here</p>` : ''}
        <div class="tools">
          <button class="slim" ?disabled=${empty} @click=${() => this.change(this.strokes.slice(0, -1))}>
            ${icon('undo')}Undo
          </button>
          <button class="slim" ?disabled=${empty} @click=${() => this.change([])}>${icon('clear')}Clear</button>
        </div>
      </div>
      <div class="samples" role="group" aria-label="Have a digit drawn for you">
        <span class="small soft">or have one drawn</span>
        <div>
          ${SAMPLE_DIGITS.map(
            (strokes, digit) =>
              html`<button class="slim" aria-label=${`Draw a ${digit}`} @click=${() => this.change(strokes)}>
                ${digit}
              </button>`,
          )}
        </div>
      </div>`
  }

  protected override firstUpdated(): void {
    this.resized.observe(this.canvas)
  }

  protected override updated(_: PropertyValues<this>): void {
    this.paint()
  }

  override disconnectedCallback(): void {
    this.resized.disconnect()
    super.disconnectedCallback()
  }

  private paint(): void {
    const side = Math.round(this.canvas.clientWidth * devicePixelRatio)
    const context = this.canvas.getContext('2d')
    if (context === null || side === 0) return
    if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side
    context.clearRect(0, 0, side, side)
    drawStrokes(context, this.strokes, getComputedStyle(this.canvas).color)
  }

  private begin(event: PointerEvent): void {
    if (this.drawing !== undefined || event.button !== 0) return
    event.preventDefault()
    this.canvas.setPointerCapture(event.pointerId)
    this.drawing = event.pointerId
    this.change([...this.strokes, [this.pointOf(event)]])
  }

  private move(event: PointerEvent): void {
    if (event.pointerId !== this.drawing) return
    const last = this.strokes.at(-1) ?? []
    if (this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= MAX_POINTS) return
    const events = event.getCoalescedEvents()
    const points = (events.length > 0 ? events : [event]).map((each) => this.pointOf(each))
    this.change([...this.strokes.slice(0, -1), [...last, ...points]])
  }

  private end(event: PointerEvent): void {
    if (event.pointerId === this.drawing) this.drawing = undefined
  }

  private pointOf(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }

  private change(strokes: readonly Stroke[]): void {
    this.strokes = strokes
    this.dispatchEvent(new CustomEvent('moot-strokes', { detail: strokes, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-digit-pad': MootDigitPad
  }
  interface HTMLElementEventMap {
    'moot-strokes': CustomEvent<readonly Stroke[]>
  }
}
