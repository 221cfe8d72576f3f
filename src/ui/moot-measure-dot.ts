import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Measure } from '../domain/authority/report-shape.ts'
import { dotPlot, spark, SPARK_HEIGHT, type DotPlot } from './authority/dot.ts'
import { driftMark } from './authority/drift-mark.ts'
import { figure } from './authority/figures.ts'
import {
  ABOUT,
  basisWords,
  besideWords,
  chanceWords,
  driftShape,
  driftWords,
  intervalWords,
  isBeyondChance,
  readOut,
  type Pending,
} from './authority/measure-words.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-measure-dot.styles.ts'

/**
 * One measure in a row: its value as a dot, with its 95 % interval, over the grey band in which chance alone would put it; how it went over
 * time; and from how many decisions. What a worker adds later takes room that is kept for it.
 */
@customElement('moot-measure-dot')
export class MootMeasureDot extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) measure!: Measure
  /** Tabs in all. */
  @property({ attribute: false }) peers = 0
  @property({ attribute: false }) uncertainty: Pending
  /** Where its page is; none where this is that page. */
  @property() link = ''

  override render(): TemplateResult {
    const { measure, peers, uncertainty, link } = this
    const { key, name, value, why, unit } = measure
    const said = value === null ? 'no value' : besideWords(measure, peers, uncertainty)
    return html`<div class="head">
        ${link ? html`<h3><a href=${link}>${name}</a></h3>` : nothing}
        <p class="asks">${ABOUT[key].asks}</p>
      </div>
      <div class="value">
        ${value === null ? html`<strong class="none">–</strong>` : html`<strong>${figure(value, unit)}</strong>`}
        ${said ? html`<span class="small">${said}</span>` : nothing}
        <span class="small soft">${basisWords(measure)}</span>
      </div>
      <div class="line">
        ${this.renderPlot(dotPlot(measure, peers, uncertainty ?? undefined))}
        ${
          value === null
            ? html`<p class="why">${why}</p>`
            : html`<dl>
                <div>
                  <dt>95 %</dt>
                  <dd>${intervalWords(measure, uncertainty)}</dd>
                </div>
                <div>
                  <dt>chance</dt>
                  <dd>${chanceWords(measure, uncertainty)}</dd>
                </div>
              </dl>`
        }
      </div>
      <div class="time">${this.renderSpark()}</div>`
  }

  private renderPlot({ from, to, zero, dot, beside, interval, chance }: DotPlot): TemplateResult {
    const { measure, peers, uncertainty } = this
    const beyond = isBeyondChance(measure, uncertainty)
    const at = (x: number) => `${x * 100}%`
    return html`<div class="plot" dir="ltr">
      <svg role="img" aria-label=${readOut(measure, peers, uncertainty)}>
        ${
          chance
            ? svg`<rect class="chance" x=${at(chance.at)} width=${at(Math.max(chance.length, 0.006))} y="0" height="100%"></rect>`
            : nothing
        }
        <line class="axis" x1="0" x2="100%" y1="50%" y2="50%"></line>
        ${zero === undefined ? nothing : svg`<line class="zero" x1=${at(zero)} x2=${at(zero)} y1="15%" y2="85%"></line>`}
        ${
          interval
            ? svg`<line class="interval" x1=${at(interval.at)} x2=${at(interval.at + interval.length)} y1="50%" y2="50%"></line>`
            : nothing
        }
        ${beside === undefined ? nothing : svg`<svg x=${at(beside)} y="50%" overflow="visible"><path class="beside" d="M0-6.5L6.5 0 0 6.5-6.5 0z"></path></svg>`}
        ${dot === undefined ? nothing : svg`<circle class=${beyond ? 'dot beyond' : 'dot'} cx=${at(dot)} cy="50%" r="8"></circle>`}
      </svg>
      <p class="ends" aria-hidden="true">
        <span>${end(from, measure.unit)}</span><span>${end(to, measure.unit)}</span>
      </p>
    </div>`
  }

  private renderSpark(): TemplateResult {
    const { measure, uncertainty } = this
    const { path, alone, last } = spark(measure.series)
    return html`<svg class="spark" aria-hidden="true" viewBox=${`0 0 100 ${SPARK_HEIGHT}`} preserveAspectRatio="none">
        <path d=${path}></path>
        ${[...alone, ...(last ? [last] : [])].map(([x, y]) => svg`<path class="end" d=${`M${x} ${y}h0.01`}></path>`)}
      </svg>
      <p class="drift">
        ${driftMark(driftShape(measure, uncertainty))}<span>${driftWords(measure, uncertainty)}</span>
      </p>`
  }
}

const end = (value: number, unit: Measure['unit']): string => figure(value, unit).replace('.00', '')

declare global {
  interface HTMLElementTagNameMap {
    'moot-measure-dot': MootMeasureDot
  }
}
