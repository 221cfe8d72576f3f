import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Collapse, Ranked, Report } from '../domain/authority/report-shape.ts'
import { makesHalf } from '../domain/authority/sentence.ts'
import { nicknameOf } from '../domain/nickname.ts'
import { counted, share } from './authority/figures.ts'
import { COLLAPSES } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-deciders.styles.ts'
import { stoneMark } from './stone-mark.ts'
import { table } from './table.styles.ts'

/** Deciders that are listed. */
const MOST_ROWS = 16

/** Who decides, the most first, by three ways of counting who is one. A line where half of all authority is reached. */
@customElement('moot-deciders')
export class MootDeciders extends LitElement {
  static override readonly styles = [base, table, styles]

  @property({ attribute: false }) ranked!: Report['ranked']
  @property() viewer = ''
  @state() private collapse: Collapse = 'peer'

  override render(): TemplateResult {
    const list = this.ranked[this.collapse]
    const { means } = COLLAPSES.find(({ collapse }) => collapse === this.collapse) ?? { means: '' }
    return html`<h2>Who decided</h2>
      <div role="tablist" aria-label="Who counts as one" @keydown=${this.onKey}>
        ${COLLAPSES.map(
          ({ collapse, name }) =>
            html`<button
              role="tab"
              id=${collapse}
              aria-selected=${collapse === this.collapse}
              aria-controls="panel"
              tabindex=${collapse === this.collapse ? 0 : -1}
              @click=${() => this.choose(collapse)}
            >
              ${name}
            </button>`,
        )}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby=${this.collapse} tabindex="0">
        <p class="soft small">${means}</p>
        ${list.length === 0 ? html`<p>Nobody has decided for others yet: no ruling, no amendment.</p>` : this.renderTable(list)}
      </div>`
  }

  private renderTable(list: readonly Ranked[]): TemplateResult {
    const half = makesHalf(list.map(({ share }) => share))
    const most = list[0]?.share ?? 1
    return html`<table>
        <caption class="unseen">
          Deciders, the most first
        </caption>
        <thead>
          <tr>
            <th scope="col">Decider</th>
            <th scope="col">Share</th>
            <th scope="col">Decisions</th>
          </tr>
        </thead>
        <tbody>
          ${list.slice(0, MOST_ROWS).map(
            (each, i) =>
              html`<tr class=${i + 1 === half ? 'half' : ''}>
                <th scope="row">${this.renderWho(each)}</th>
                <td class="share">
                  <span class="bar" aria-hidden="true"
                    ><i style=${`inline-size:${(each.share / most) * 100}%`}></i></span
                  >${share(each.share)}
                </td>
                <td class="part" data-of="of">
                  <span class="broad">${each.decisions.toLocaleString('en')}</span
                  ><span class="narrow">${counted(each.decisions, 'decisions')}</span>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small soft">
        ${
          half > 0
            ? `Above the heavy line lies half of all that was decided: ${half === 1 ? 'one' : `the first ${half}`} of ${list.length}.`
            : nothing
        }
        ${list.length > MOST_ROWS ? `${list.length - MOST_ROWS} more have less.` : nothing}
      </p>`
  }

  private renderWho({ actor, members }: Ranked): TemplateResult {
    const others = members - 1
    return html`<span class="who" title=${actor}
      >${stoneMark(actor)}${nicknameOf(actor)}${actor === this.viewer ? html`<span class="you">you</span>` : nothing}${
        others > 0
          ? html`<span class="small soft">and ${others === 1 ? 'one other' : `${others} others`}</span>`
          : nothing
      }</span
    >`
  }

  private choose(collapse: Collapse): void {
    this.collapse = collapse
  }

  /** As tabs do: arrows choose, and wrap around. */
  private onKey(event: KeyboardEvent): void {
    const names = COLLAPSES.map(({ collapse }) => collapse)
    const forth = getComputedStyle(this).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forth === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const step = event.key === forth ? 1 : event.key === back ? names.length - 1 : undefined
    if (step === undefined) return
    event.preventDefault()
    this.collapse = names[(names.indexOf(this.collapse) + step) % names.length] ?? 'peer'
    this.renderRoot.querySelector<HTMLElement>(`#${this.collapse}`)?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-deciders': MootDeciders
  }
}
