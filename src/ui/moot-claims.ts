import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Answer, ClaimView } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { engineMark } from './engine-mark.ts'
import { icon } from './icons.ts'
import { styles } from './moot-claims.styles.ts'
import { letterOf } from './result.ts'
import { stoneMark } from './stone-mark.ts'
import { table } from './table.styles.ts'
import { cut, engineName, milliseconds } from './words.ts'

/** Hexadecimal digits shown of a hash: enough to see that two differ. */
const HASH_SHOWN = 10

/** Every claim, with whom it stands: those with the same letter lie within the rule of each other. */
@customElement('moot-claims')
export class MootClaims extends LitElement {
  static override readonly styles = [base, table, styles]

  @property({ attribute: false }) claims: readonly ClaimView[] = []
  /** Whose claims stand, once arithmetic has said so. */
  @property({ attribute: false }) stands: Answer['stands']

  override render(): TemplateResult {
    return html`<table>
      <caption class="unseen">
        Claims
      </caption>
      <thead>
        <tr>
          <th scope="col">Tab</th>
          <th scope="col">Engine</th>
          <th scope="col">Computed in</th>
          <th scope="col">Output hash</th>
          <th scope="col">Answer</th>
          ${this.stands ? html`<th scope="col">Outcome</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${this.claims.map((claim) => this.renderClaim(claim))}
      </tbody>
    </table>`
  }

  private renderClaim({ peer, nickname, engine, build, outputHash, computeMs, group }: ClaimView): TemplateResult {
    return html`<tr>
      <th scope="row"><span class="who" title=${peer}>${stoneMark(peer)}${nickname}</span></th>
      <td class="wide" data-of="Engine">
        <span
          >${engineMark(engine)} ${engineName(engine)}
          <span class="small soft" title=${build}>${cut(build, 36)}</span></span
        >
      </td>
      <td data-of="Time">${milliseconds(computeMs)}</td>
      <td data-of="Hash"><code title=${outputHash}>${outputHash.slice(0, HASH_SHOWN)}</code></td>
      <td data-of="Answer"><span class=${group === 0 ? 'group' : 'group other'}>${letterOf(group)}</span></td>
      ${this.stands ? html`<td data-of="Outcome">${standingMark(this.stands.includes(peer))}</td>` : nothing}
    </tr>`
  }
}

/** Whether a claim stands, by shape and in words. */
const standingMark = (stands: boolean): TemplateResult =>
  html`<span class=${stands ? 'stands' : 'fell'}
    >${icon(stands ? 'holds' : 'fails')}${stands ? 'stands' : 'did not stand'}</span
  >`

declare global {
  interface HTMLElementTagNameMap {
    'moot-claims': MootClaims
  }
}
