import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Tensor } from '../domain/tensor.ts'
import type { LeafView } from '../peer/dispute-view.ts'
import { base } from './base.styles.ts'
import {
  differencesOf,
  placeOf,
  summaryOf,
  valuesFrom,
  type Differences,
  type Summary,
} from './disputes/differences.ts'
import { shapeOf } from './disputes/diagnosis-words.ts'
import { EXACT, figure } from './disputes/dispute-words.ts'
import { icon } from './icons.ts'
import './moot-histogram.ts'
import { styles } from './moot-leaf.styles.ts'
import { stoneMark } from './stone-mark.ts'
import { table } from './table.styles.ts'
import { operatorName } from './contest-words.ts'
import { cut, listed, milliseconds } from './words.ts'

/** Values shown of each output. */
const SHOWN = 8
/** Inputs listed: an operator has few, a hostile file's may have many. */
const MOST_INPUTS = 12
/** Hexadecimal digits shown of a hash. */
const HASH_SHOWN = 10

type Side = LeafView['sides'][number]

/** What the drawing of a card takes, reckoned once for each set of outputs: they may hold millions of values. */
interface Reckoned {
  /** Of the rerun and of each side. */
  readonly outputs: readonly (Tensor | undefined)[]
  readonly summaries: ReadonlyMap<Tensor, Summary>
  readonly differences: ReadonlyMap<Tensor, Differences | undefined>
  /** The element from which values are shown. */
  readonly from: number
}

/**
 * The operator that was run again: what went in, what each side said came out, what did, and the difference.
 *
 * @slot - Further actions.
 */
@customElement('moot-leaf')
export class MootLeaf extends LitElement {
  static override readonly styles = [base, table, styles]

  @property({ attribute: false }) leaf!: LeafView
  private reckoned: Reckoned | undefined

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('leaf')) this.reckoned = reckon(this.leaf, this.reckoned)
  }

  override render(): TemplateResult {
    const { operator, inputs, sides, rerun } = this.leaf
    const more = inputs.length - MOST_INPUTS
    return html`<header>
        <p class="small soft">Run again, alone</p>
        <h2 tabindex="-1">${operatorName(operator)}</h2>
        ${operator.name ? html`<p class="small soft" title=${operator.name}><code>${cut(operator.name, 80)}</code></p>` : nothing}
      </header>
      <section>
        <h3>What went in: both sides said the same of it</h3>
        <table>
          <caption class="unseen">
            Inputs
          </caption>
          <thead>
            <tr>
              <th scope="col">Value</th>
              <th scope="col">Shape</th>
              <th scope="col">Hash</th>
            </tr>
          </thead>
          <tbody>
            ${inputs.slice(0, MOST_INPUTS).map(
              ({ name, dtype, dims, hash }) =>
                html`<tr>
                  <th scope="row"><span title=${name}>${cut(name, 40)}</span></th>
                  <td class="wide" data-of="Shape">
                    <span>${dtype} <bdi dir="ltr">${shapeOf(dims)}</bdi></span>
                  </td>
                  <td class="wide" data-of="Hash">
                    ${hash ? html`<code title=${hash}>${hash.slice(0, HASH_SHOWN)}</code>` : html`<span class="small soft">what was asked</span>`}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${more > 0 ? html`<p class="small soft">and ${more} more.</p>` : nothing}
        ${inputs.length === 0 ? html`<p class="small soft">Nothing: it takes constants of the model alone.</p>` : nothing}
      </section>
      <section>
        <h3>What came out</h3>
        <div class="sides">
          ${sides.map((side) => this.renderSide(side))}
          <div class="side rerun">
            <p class="who">${icon('again')}Run again here</p>
            <p class="outcome">${icon('cpu')}what the reference computes</p>
            ${
              rerun
                ? html`${this.renderTensor(rerun.output, rerun.hash)}
                    <p class="small soft">in ${milliseconds(rerun.computeMs)}</p>`
                : html`<p class="small">What came out is no tensor to show; its hash decided.</p>`
            }
          </div>
        </div>
      </section>
      ${sides.map((side) => this.renderDifference(side))}
      <slot></slot>`
  }

  private renderSide({ peers, hash, output, stands }: Side): TemplateResult {
    return html`<div class=${stands ? 'side' : 'side fell'}>
      <p class="who">
        ${peers.map(({ peer, nickname }) => html`<span title=${peer}>${stoneMark(peer, '1.2em')} ${nickname}</span>`)}
      </p>
      <p class="outcome">${icon(stands ? 'holds' : 'fails')}${stands ? 'stands, equal to the bit' : 'did not stand'}</p>
      ${
        output
          ? this.renderTensor(output, hash)
          : html`<p class="small">The values were not shown; their hash remains.</p>
              <p class="small soft">Hash <code title=${hash}>${hash.slice(0, HASH_SHOWN)}</code></p>`
      }
    </div>`
  }

  private renderTensor(output: Tensor, hash: string): TemplateResult {
    const { from = 0, summaries } = this.reckoned ?? {}
    const { range, mean, odd = 0 } = summaries?.get(output) ?? {}
    const { rerun } = this.leaf
    const right = valuesFrom(rerun?.output ?? output, from, SHOWN)
    return html`<ul class="values" aria-label=${from === 0 ? 'First values' : `Values from element ${from} on`}>
        ${valuesFrom(output, from, SHOWN).map((value, i) => {
          const same = Object.is(value, right[i]) || value === right[i]
          return html`<li>${same ? figure(value, EXACT) : html`<mark>${figure(value, EXACT)}</mark>`}</li>`
        })}
      </ul>
      <dl>
        <dt>Shape</dt>
        <dd>${output.dtype} <bdi dir="ltr">${shapeOf(output.dims)}</bdi></dd>
        ${
          range
            ? html`<dt>Range</dt>
                <dd><bdi dir="ltr">${figure(range[0])} … ${figure(range[1])}</bdi></dd>`
            : nothing
        }
        ${
          mean === undefined
            ? nothing
            : html`<dt>Mean</dt>
                <dd><bdi dir="ltr">${figure(mean)}</bdi></dd>`
        }
        ${
          odd > 0
            ? html`<dt>No number</dt>
                <dd>${odd.toLocaleString('en')}</dd>`
            : nothing
        }
        <dt>Hash</dt>
        <dd><code title=${hash}>${hash.slice(0, HASH_SHOWN)}</code></dd>
      </dl>`
  }

  private renderDifference(side: Side): TemplateResult | typeof nothing {
    if (side.stands || side.output === undefined || this.leaf.rerun === undefined) return nothing
    const differences = this.reckoned?.differences.get(side.output)
    const who = listed(side.peers.map(({ nickname }) => nickname))
    return html`<section class="difference">
      <h3>How far ${who} lies from it</h3>
      <p>${differences ? differenceWords(differences, side.output) : 'Its type or shape is another.'}</p>
      ${differences ? html`<moot-histogram .bins=${differences.bins}></moot-histogram>` : nothing}
    </section>`
  }
}

/** What was reckoned before serves as long as the outputs are the same. */
function reckon({ sides, rerun }: LeafView, before: Reckoned | undefined): Reckoned {
  const outputs = [rerun?.output, ...sides.map(({ output }) => output)]
  if (before?.outputs.length === outputs.length && outputs.every((output, i) => output === before.outputs[i]))
    return before
  const [reference, ...others] = outputs
  const shown = new Set(outputs.filter((output) => output !== undefined))
  const differences = new Map(
    others.flatMap((output) => (reference && output ? [[output, differencesOf(reference, output)] as const] : [])),
  )
  const first = [...differences.values()].find((each) => each !== undefined && each.differing > 0)
  return {
    outputs,
    summaries: new Map([...shown].map((output) => [output, summaryOf(output)])),
    differences,
    // Where the first values are the same, those about the largest difference say more.
    from: first === undefined || first.at < SHOWN ? 0 : first.at,
  }
}

function differenceWords({ values, differing, unbounded, largest, at }: Differences, { dims }: Tensor): string {
  if (differing === 0) return 'No value differs as a number; its bytes do.'
  const many = (count: number) => count.toLocaleString('en')
  const odd = unbounded === 0 ? '' : ` ${many(unbounded)} of them are infinite or not a number on one side.`
  const most = largest === 0 ? '' : ` The largest difference is ${figure(largest)}, at ${shapeOf(placeOf(at, dims))}.`
  return `${many(differing)} of ${many(values)} values differ.${most}${odd}`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-leaf': MootLeaf
  }
}
