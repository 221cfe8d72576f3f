import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Measure, Report, Uncertainty } from '../domain/authority/report-shape.ts'
import { figure } from './authority/figures.ts'
import {
  basisWords,
  besideWords,
  chanceWords,
  driftWords,
  intervalWords,
  type Pending,
} from './authority/measure-words.ts'
import { base } from './base.styles.ts'
import './moot-measure-dot.ts'
import { styles } from './moot-panel.styles.ts'
import { linkTo } from './route.ts'
import { table } from './table.styles.ts'

/** The seven measures, each in a row of its own, and below them the others: no number is made of these numbers. */
@customElement('moot-panel')
export class MootPanel extends LitElement {
  static override readonly styles = [base, table, styles]

  @property({ attribute: false }) report!: Report
  /** Undefined while it is on its way; null where it does not come. */
  @property({ attribute: false }) uncertainty: Uncertainty | undefined | null
  @property() room = ''

  override render(): TemplateResult {
    const { panel, drawer, peers } = this.report
    return html`<header>
        <h2>Seven measures, side by side</h2>
        <p class="soft">No score is made of them: its weights would be one more choice that nobody looked at.</p>
        <p class="key small" aria-hidden="true">
          <span><i class="dot"></i>value</span><span><i class="interval"></i>95 % interval</span
          ><span><i class="chance"></i>what chance alone gives</span><span><i class="beyond"></i>beyond chance</span
          ><span><i class="beside"></i>what stands beside it</span>
        </p>
      </header>
      <ol role="list">
        ${panel.map(
          (measure) =>
            html`<li>
              <moot-measure-dot
                .measure=${measure}
                .peers=${peers}
                .uncertainty=${this.pending(measure)}
                .link=${linkTo(this.room, { name: 'measure', key: measure.key })}
              ></moot-measure-dot>
            </li>`,
        )}
      </ol>
      ${this.renderTable('As a table', panel)}
      ${drawer.length > 0 ? this.renderTable('Further measures', drawer) : nothing}`
  }

  private renderTable(title: string, measures: readonly Measure[]): TemplateResult {
    const { peers } = this.report
    return html`<details>
      <summary>${title}</summary>
      <table>
        <caption class="unseen">
          ${title}
        </caption>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">Value</th>
            <th scope="col">95 %</th>
            <th scope="col">Chance alone</th>
            <th scope="col">Over time</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          ${measures.map((measure) => {
            const pending = this.pending(measure)
            const { key, name, value, unit, why } = measure
            return html`<tr>
              <th scope="row"><a href=${linkTo(this.room, { name: 'measure', key })}>${name}</a></th>
              ${
                value === null
                  ? html`<td class="wide soft" colspan="4">No value. ${why}</td>`
                  : html`<td class="wide" data-of="Value">
                        <span><strong>${figure(value, unit)}</strong> ${besideWords(measure, peers, pending)}</span>
                      </td>
                      <td class="wide figures" data-of="95 %">${intervalWords(measure, pending)}</td>
                      <td class="wide figures" data-of="Chance">${chanceWords(measure, pending)}</td>
                      <td class="wide" data-of="Over time">${driftWords(measure, pending)}</td>`
              }
              <td class="wide" data-of="From">${basisWords(measure).replace('from ', '')}</td>
            </tr>`
          })}
        </tbody>
      </table>
    </details>`
  }

  private pending({ key }: Measure): Pending {
    return this.uncertainty && (this.uncertainty.measures.find((each) => each.key === key) ?? null)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-panel': MootPanel
  }
}
