import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import type { Bin } from './disputes/differences.ts'
import { figure } from './disputes/dispute-words.ts'
import { styles } from './moot-histogram.styles.ts'

/** Of the drawing, in its own units. */
const HEIGHT = 100
/** Share of a bar's room that is left empty. */
const GAP = 0.14
/** Units: a bin of one value in a million is still seen. */
const LEAST = 2

/** How many values differ by how much: bars, and the same as a table. */
@customElement('moot-histogram')
export class MootHistogram extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) bins: readonly Bin[] = []

  override render(): TemplateResult | typeof nothing {
    const { bins } = this
    const [first, last] = [bins[0], bins.at(-1)]
    if (first === undefined || last === undefined) return nothing
    const most = Math.max(...bins.map(({ count }) => count))
    const zero = first.from < 0 && last.to > 0 ? (-first.from / (last.to - first.from)) * bins.length : undefined
    return html`<svg aria-hidden="true" viewBox=${`0 0 ${bins.length} ${HEIGHT}`} preserveAspectRatio="none">
        ${bins.map(({ count }, i) => {
          const tall = count === 0 ? 0 : Math.max(LEAST, (count / most) * HEIGHT)
          return svg`<rect x=${i + GAP / 2} y=${HEIGHT - tall} width=${1 - GAP} height=${tall}></rect>`
        })}
        ${zero === undefined ? nothing : svg`<line x1=${zero} x2=${zero} y1="0" y2=${HEIGHT}></line>`}
      </svg>
      <p class="axis">
        <bdi dir="ltr">${figure(first.from)}</bdi>
        <span>difference${zero === undefined ? '' : ', 0 dashed'}</span>
        <bdi dir="ltr">${figure(last.to)}</bdi>
      </p>
      <details>
        <summary>The same as a table</summary>
        <div class="scroll" tabindex="0" role="group" aria-label="Differences as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Difference from</th>
                <th scope="col">to</th>
                <th scope="col">Values</th>
              </tr>
            </thead>
            <tbody>
              ${bins
                .filter(({ count }) => count > 0)
                .map(
                  ({ from, to, count }) =>
                    html`<tr>
                      <th scope="row"><bdi dir="ltr">${figure(from)}</bdi></th>
                      <td><bdi dir="ltr">${figure(to)}</bdi></td>
                      <td>${count.toLocaleString('en')}</td>
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
    'moot-histogram': MootHistogram
  }
}
