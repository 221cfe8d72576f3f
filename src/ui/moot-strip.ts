import { html, LitElement, nothing, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { StripView } from '../peer/dispute-view.ts'
import { base } from './base.styles.ts'
import { kindOf, shownOf, type StoneKind } from './disputes/strip.ts'
import { styles } from './moot-strip.styles.ts'
import { operatorName } from './contest-words.ts'
import { cut } from './words.ts'

/** Equal, unequal, nothing said, not known: drawn, since fonts draw them in their own ways. */
const SIGNS: Readonly<Record<StoneKind, SVGTemplateResult>> = {
  agree: svg`<path d="M3 7.5h10M3 11.5h10"/>`,
  differ: svg`<path d="M2.5 6.2h11M2.5 10.8h11M11.5 2L4.5 15"/>`,
  after: svg``,
  open: svg`<circle cx="8" cy="9" r="1"/>`,
}
const WORDS: Readonly<Record<StoneKind, string>> = {
  agree: 'both sides say the same',
  differ: 'here they part',
  after: 'builds on what differs',
  open: 'not compared yet',
}

/**
 * The operators of a model in execution order, as stones in a row: what both sides say the same of, where they part, and
 * what builds on it. A list that scrolls sideways, with the whole drawn above it where it is longer than the page is wide.
 *
 * @fires moot-operator - A person wants to see the operator on which the sides part.
 */
@customElement('moot-strip')
export class MootStrip extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) strip!: StripView
  /** The sides said the same of every value, and another hash of the output. */
  @property({ type: Boolean }) outputDiffers = false
  /** There is an operator to go to. */
  @property({ type: Boolean }) leads = false
  /** The part of the row that is in view; undefined where all of it is. */
  @state() private view: { readonly from: number; readonly part: number } | undefined
  /** Where below the row the stone that differs stands, as a share of the width from its start. */
  @state() private stem: number | undefined
  @query('ol') private readonly row!: HTMLElement
  private readonly resized = new ResizeObserver(() => this.look())

  override render(): TemplateResult {
    const { strip, outputDiffers } = this
    const { operators } = strip
    const { from, to } = shownOf(strip)
    const kinds = new Set(operators.slice(from, to).map((_, i) => kindOf(strip, from + i)))
    if (outputDiffers) kinds.add('differ')
    return html`<p class="legend">
        ${(['agree', 'differ', 'after', 'open'] as const)
          .filter((kind) => kinds.has(kind))
          .map((kind) => html`<span class=${kind}><b>${sign(kind)}</b>${WORDS[kind]}</span>`)}
      </p>
      ${this.renderWhole()}
      <ol tabindex="0" role="list" start=${from + 1} aria-label="Operators in execution order" @scroll=${this.look}>
        ${from > 0 ? html`<li class="more">${from} before: ${WORDS[kindOf(strip, 0)]}</li>` : nothing}
        ${operators.slice(from, to).map((operator, i) => this.renderStone(operator, kindOf(strip, from + i)))}
        ${
          to < operators.length
            ? html`<li class="more">${operators.length - to} more: ${WORDS[kindOf(strip, operators.length - 1)]}</li>`
            : nothing
        }
        ${outputDiffers ? this.renderStone({ type: 'Output', index: '' }, 'differ') : nothing}
      </ol>
      ${
        this.leads && this.stem !== undefined
          ? html`<i class="stem" aria-hidden="true" style=${`--at:${this.stem}`}></i>`
          : nothing
      }`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    this.resized.disconnect()
    super.disconnectedCallback()
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before: StripView | undefined = changed.get('strip')
    const moved = changed.has('strip') && (before?.differs !== this.strip.differs || before === undefined)
    if (moved || changed.has('outputDiffers')) this.centre()
  }

  /** The whole row at a glance, with the part that is in view. */
  private renderWhole(): TemplateResult | typeof nothing {
    if (this.view === undefined) return nothing
    const { operators, agreed, differs } = this.strip
    const left = operators.length - agreed - (differs === undefined ? 0 : 1)
    return html`<div class="whole" aria-hidden="true">
      ${agreed > 0 ? html`<i style=${`--share:${agreed}`}></i>` : nothing}
      ${differs === undefined && !this.outputDiffers ? nothing : html`<i class="differ"></i>`}
      ${left > 0 ? html`<i class=${differs === undefined ? 'open' : 'after'} style=${`--share:${left}`}></i>` : nothing}
      <span class="view" style=${`--from:${this.view.from};--part:${this.view.part}`}></span>
    </div>`
  }

  private renderStone(
    { type, index }: { readonly type: string; readonly index: number | '' },
    kind: StoneKind,
  ): TemplateResult {
    const inside = html`${sign(kind)} <span class="type" title=${type}>${cut(type, 24)}</span>`
    const name = index === '' ? 'the output' : operatorName({ type, index })
    return html`<li class=${kind}>
      ${
        kind === 'differ' && this.leads
          ? html`<button class="stone" aria-label=${`${name}: ${WORDS[kind]}. Show it`} @click=${this.show}>
              ${inside}
            </button>`
          : html`<span class="stone">${inside}</span>`
      }
      <span class="index">${index}<span class="unseen">: ${WORDS[kind]}</span></span>
    </li>`
  }

  /** Brings what differs into the middle; the page itself stays where it is. */
  private centre(): void {
    const off = this.offCentre()
    if (off !== undefined) this.row.scrollLeft += off
    this.look()
  }

  /** Pixels from the middle of the row to the stone that differs. */
  private offCentre(): number | undefined {
    const stone = this.row.querySelector('li.differ')?.getBoundingClientRect()
    const within = this.row.getBoundingClientRect()
    return stone && (stone.left + stone.right - within.left - within.right) / 2
  }

  private readonly look = (): void => {
    const { scrollLeft, scrollWidth, clientWidth } = this.row
    this.view =
      scrollWidth <= clientWidth + 1
        ? undefined
        : { from: Math.abs(scrollLeft) / scrollWidth, part: clientWidth / scrollWidth }
    const off = this.offCentre()
    const at = off === undefined || clientWidth === 0 ? undefined : 0.5 + off / clientWidth
    this.stem = at === undefined ? undefined : Math.max(0, Math.min(1, at))
  }

  private show(): void {
    this.dispatchEvent(new CustomEvent('moot-operator', { bubbles: true, composed: true }))
  }
}

const sign = (kind: StoneKind): TemplateResult =>
  html`<svg aria-hidden="true" viewBox="0 0 16 17" fill="none" stroke="currentColor" stroke-linecap="round">
    ${SIGNS[kind]}
  </svg>`

declare global {
  interface HTMLElementTagNameMap {
    'moot-strip': MootStrip
  }
  interface HTMLElementEventMap {
    'moot-operator': CustomEvent<null>
  }
}
