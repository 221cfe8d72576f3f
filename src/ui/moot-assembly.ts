import { html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { AnswerState, EngineKind } from '../domain/states.ts'
import type { Answer, ExecutorProgress } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-assembly.styles.ts'
import { headline } from './result.ts'
import { toneOf } from './state-mark.ts'
import { stonePath } from './stone.ts'
import { tones } from './tones.styles.ts'
import { cut } from './words.ts'

/** Radius of the circle on which the stones stand, in the drawing's units. */
const RING = 84
/** Farthest that a group of claims stands off from the others where they differ. */
const APART = 13

interface Stone {
  readonly key: string
  readonly engine: EngineKind
  readonly doing: ExecutorProgress['doing']
  readonly group: number
  /** Stands apart: it differs from what was returned or, once arithmetic has spoken, did not stand. */
  readonly apart: boolean
}

/**
 * The tabs that answer as stones in a ring about their answer: hollow while they work, filled once open, joined where
 * they agree, apart where they differ. Decoration: words and a table beside it say the same.
 */
@customElement('moot-assembly')
export class MootAssembly extends LitElement {
  static override readonly styles = [base, tones, styles]

  @property({ attribute: false }) answer!: Answer

  override render(): TemplateResult {
    const { answer } = this
    const stones = stonesOf(answer)
    const radius = stones.length > 7 ? 15 : 21
    const checking = answer.state === 'checking'
    const kind = checking || stones.length === 1 ? 'waiting' : loose(answer.state) ? 'rounding' : 'whole'
    return html`<svg data-tone=${toneOf(answer.state)} class=${kind} aria-hidden="true" viewBox="-120 -120 240 240">
      ${
        answer.state === 'lost'
          ? svg`<circle class="ring" r=${RING}></circle>`
          : stones.map((_, i) => drawTie(stones, i))
      }
      ${stones.map((stone, i) => drawStone(stone, placeOf(stones, i), radius, checking))} ${this.renderCentre()}
    </svg>`
  }

  private renderCentre(): SVGTemplateResult | string {
    const label = headline(this.answer)
    if (label === undefined) return ''
    const size = label.length > 6 ? 'long' : label.length > 2 ? 'some' : ''
    return svg`<text class=${size} y="2">${cut(label, 18)}</text>`
  }
}

/** Whether those who agree do so within rounding alone. */
const loose = (state: AnswerState): boolean => state === 'agreed-rounding' || state === 'agreed-gpus-only'

function stonesOf({ claims, executors, replication, stands }: Answer): readonly Stone[] {
  if (claims.length > 0)
    return claims
      .toSorted((a, b) => a.group - b.group)
      .map(({ peer, engine, group }) => ({
        key: peer,
        engine,
        doing: 'revealed' as const,
        group,
        apart: stands ? !stands.includes(peer) : group > 0,
      }))
  const seated = executors.map(({ peer, engine, doing }) => ({ key: peer, engine, doing, group: 0, apart: false }))
  if (seated.length > 0) return seated
  return Array.from({ length: replication }, (_, i) => ({
    key: `seat ${i}`,
    engine: 'cpu',
    doing: 'seated',
    group: 0,
    apart: false,
  }))
}

/** Clockwise from the top; those who differ from the returned claim stand farther out. */
function placeOf(stones: readonly Stone[], i: number): readonly [number, number] {
  const angle = (i / stones.length) * 2 * Math.PI - Math.PI / 2
  const reach = RING + (stones[i]?.apart ? APART : 0)
  return [Math.cos(angle) * reach, Math.sin(angle) * reach]
}

/** The part of the ring from one stone to the next, where both gave the same answer. */
function drawTie(stones: readonly Stone[], i: number): SVGTemplateResult | string {
  const next = (i + 1) % stones.length
  if (stones.length === 1) return svg`<circle class="tie" r=${RING}></circle>`
  if (stones[i]?.group !== stones[next]?.group) return ''
  const [[x, y], [toX, toY]] = [placeOf(stones, i), placeOf(stones, next)]
  const reach = Math.hypot(x, y)
  return svg`<path class="tie" d=${`M${x} ${y}A${reach} ${reach} 0 0 1 ${toX} ${toY}`}></path>`
}

function drawStone(
  stone: Stone,
  [x, y]: readonly [number, number],
  radius: number,
  checking: boolean,
): SVGTemplateResult {
  const kind = !checking && stone.apart ? 'other' : stone.doing
  const half = radius * 0.3
  return svg`<g transform=${`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
    <path class=${`stone ${kind}`} d=${stonePath(stone.key, radius)}></path>
    ${
      stone.key.startsWith('seat ')
        ? ''
        : stone.engine === 'gpu'
          ? svg`<path class="engine" d=${`M0 ${-half * 1.3}L${half * 1.3} 0 0 ${half * 1.3} ${-half * 1.3} 0z`}></path>`
          : svg`<rect class="engine" x=${-half} y=${-half} width=${half * 2} height=${half * 2} rx="1.5"></rect>`
    }
  </g>`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-assembly': MootAssembly
  }
}
