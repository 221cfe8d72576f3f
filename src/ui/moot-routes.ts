import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Report } from '../domain/authority/report-shape.ts'
import { counted, share } from './authority/figures.ts'
import { routePatterns } from './authority/patterns.ts'
import { patterned } from './authority/patterns.styles.ts'
import {
  blocksOf,
  computedWords,
  fullest,
  MOST_WINDOWS,
  ROUTES,
  routesMoved,
  routesRead,
  sharesOf,
} from './authority/routes.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-routes.styles.ts'
import { table } from './table.styles.ts'

/** By which route decisions were settled, over time: the picture that answers where authority settles. Columns of equal numbers of decisions, and tables. */
@customElement('moot-routes')
export class MootRoutes extends LitElement {
  static override readonly styles = [base, table, patterned, styles]

  @property({ attribute: false }) routes!: Report['routes']

  override render(): TemplateResult {
    const { windows, total } = this.routes
    const moved = routesMoved(windows)
    return html`<svg class="defs" aria-hidden="true"><defs>${routePatterns()}</defs></svg>
      <h2>How decisions were settled</h2>
      <p class="soft lead">${computedWords(total)} ${moved}</p>
      <div class="pair">
        ${windows.length === 0 ? nothing : this.renderColumns()}
        <table class="legend">
          <caption class="unseen">
            Share of all decisions by route
          </caption>
          <thead class="unseen">
            <tr>
              <th scope="col">Route</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            ${sharesOf(total)
              .toReversed()
              .map(
                ({ route, means, share: part }) =>
                  html`<tr class=${part === 0 ? 'none' : ''}>
                    <th scope="row">
                      <svg class="swatch" aria-hidden="true">
                        <rect width="100%" height="100%" fill=${`url(#${route})`} /></svg
                      ><span>${route}<span class="small soft"> ${means}</span></span>
                    </th>
                    <td>${share(part)}</td>
                  </tr>`,
              )}
          </tbody>
        </table>
      </div>
      ${windows.length === 0 ? nothing : this.renderTable()}`
  }

  private renderColumns(): TemplateResult {
    const { windows } = this.routes
    const most = fullest(windows)
    const each = `${windows.some(({ decisions }) => decisions < most) ? 'up to ' : ''}${counted(most, 'decisions')}`
    return html`<div class="chart" dir="ltr">
      <svg class="columns" role="img" aria-label=${routesRead(this.routes)}>
        ${blocksOf(windows).map(
          ({ route, x, y, width, height }) =>
            svg`<rect x=${`${x}%`} y=${`${y}%`} width=${`${width}%`} height=${`${height}%`} fill=${`url(#${route})`}><title>${route} ${share(height / 100)}</title></rect>`,
        )}
      </svg>
      <p class="scale" aria-hidden="true"><span>100 %</span><span>50</span><span>0</span></p>
      <p class="axis" aria-hidden="true">
        ${
          windows.length > 1
            ? html`<span>oldest</span><span>${each} in a column</span><span>newest</span>`
            : html`<span>${each}</span>`
        }
      </p>
    </div>`
  }

  private renderTable(): TemplateResult {
    const { windows } = this.routes
    const shown = windows.slice(-MOST_WINDOWS)
    return html`<details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="Decisions by window and route">
        <table>
          <thead>
            <tr>
              <th scope="col">Window</th>
              ${ROUTES.map(({ route }) => html`<th scope="col">${route}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              ({ counts, decisions }, i) =>
                html`<tr>
                  <th scope="row">
                    ${windows.length - shown.length + i + 1}<span class="small soft">
                      of ${windows.length}, ${counted(decisions, 'decisions')}</span
                    >
                  </th>
                  ${ROUTES.map(({ route }) => html`<td data-of=${route}>${counts[route]}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-routes': MootRoutes
  }
}
