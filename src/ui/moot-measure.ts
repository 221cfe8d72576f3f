import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Measure, Report, Uncertainty } from '../domain/authority/report-shape.ts'
import { counted, figure } from './authority/figures.ts'
import { ABOUT } from './authority/measure-words.ts'
import { COLLAPSES } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import './moot-entries.ts'
import './moot-measure-dot.ts'
import { styles } from './moot-measure.styles.ts'
import './moot-recipe.ts'

/** One measure: what it is, how it is gamed, what it comes to, and all that it was computed from. */
@customElement('moot-measure')
export class MootMeasure extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) report!: Report
  @property({ attribute: false }) uncertainty: Uncertainty | undefined | null
  @property({ attribute: false }) measure!: Measure

  override render(): TemplateResult {
    const { measure, report, uncertainty } = this
    const { key, source, gamed, entries, entryCount } = measure
    const own = uncertainty && (uncertainty.measures.find((each) => each.key === key) ?? null)
    return html`<section class="card" aria-label="What it comes to">
        <moot-measure-dot .measure=${measure} .peers=${report.peers} .uncertainty=${own}></moot-measure-dot>
      </section>
      <div class="pair">
        <section>
          <h2>What it is</h2>
          <p>${ABOUT[key].what}</p>
          <p class="small soft">${source}</p>
        </section>
        <section>
          <h2>How it can be gamed</h2>
          <p>${gamed}</p>
        </section>
        ${this.renderCollapses(measure)} ${this.renderSeries(measure)}
      </div>
      <section class="card"><moot-recipe .report=${report} .uncertainty=${uncertainty}></moot-recipe></section>
      <section class="card stack">
        <h2>What it was computed from</h2>
        ${
          entryCount === 0
            ? html`<p class="soft">No entries.</p>`
            : html`<p class="soft">${counted(entryCount, 'entries')}. Each can be read as it is held here.</p>
                <moot-entries .entries=${entries} .count=${entryCount}></moot-entries>`
        }
      </section>`
  }

  private renderCollapses({ collapses, unit }: Measure): TemplateResult | typeof nothing {
    if (collapses === null) return nothing
    const known = Object.values(collapses).filter((value) => value !== null)
    const least = Math.min(...known)
    return html`<section>
      <h2>Who counts as one</h2>
      <table>
        <caption class="unseen">
          The value by who counts as one
        </caption>
        <tbody>
          ${COLLAPSES.map(({ collapse, name, means }) => {
            const value = collapses[collapse]
            return html`<tr>
              <th scope="row">${name}<span class="small soft">${means}</span></th>
              <td>
                ${value === null ? 'none' : figure(value, unit)}${value !== null && value === least ? html`<span class="small soft">the smallest: it is the headline</span>` : nothing}
              </td>
            </tr>`
          })}
        </tbody>
      </table>
    </section>`
  }

  private renderSeries({ series, unit }: Measure): TemplateResult | typeof nothing {
    if (series.length === 0) return nothing
    return html`<section>
      <h2>Window by window</h2>
      <p class="small soft">Windows of equal numbers of decisions, the oldest first.</p>
      <ol class="series">
        ${series.map((value) => html`<li>${value === null ? html`<span class="soft">too few</span>` : figure(value, unit)}</li>`)}
      </ol>
    </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-measure': MootMeasure
  }
}
