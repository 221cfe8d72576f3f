import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Answer, PeerView } from '../peer/view.ts'
import { rulingOf } from './case-words.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-verdict.styles.ts'
import { isNearTie } from './result.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { decisionLine, evidenceWords, stateWords } from './verdict-words.ts'
import { plain } from './words.ts'

/** How far to trust an answer, who decided it, and what stands behind it. */
@customElement('moot-verdict')
export class MootVerdict extends LitElement {
  static override readonly styles = [base, tones, styles]

  @property({ attribute: false }) answer!: Answer
  @property({ attribute: false }) charter!: PeerView['charter']
  /** Until when a party may object; absent where nobody may any more. */
  @property({ attribute: false }) contestUntil: Date | undefined

  override render(): TemplateResult {
    const { answer } = this
    const [words, detail] = splitDetail(stateWords(answer))
    const overturned = answer.dispute?.overturned === true
    const refuted = answer.state === 'ruled' && answer.case && rulingOf(answer.case)?.refuted !== undefined
    const decision = decisionLine(answer, this.charter, this.contestUntil)
    return html`<div data-tone=${overturned || refuted ? 'contested' : toneOf(answer.state)}>
      <h1 tabindex="-1">
        ${stateMark(refuted ? 'refuted' : overturned ? 'overturned' : answer.state, 1.75)}<span
          >${words}${detail && html`<small>${detail}</small>`}</span
        >
      </h1>
      ${decision ? html`<p class="decision">${decision}</p>` : nothing}
      ${answer.claims.length > 0 ? html`<p class="soft">${evidenceWords(answer.claims, answer)}</p>` : nothing}
      ${this.renderRounding()}
      ${
        answer.output && isNearTie(answer.model.manifest, answer.output, answer.rounding?.limit)
          ? html`<p><strong>Near tie.</strong> The first two labels lie closer than rounding may move them.</p>`
          : nothing
      }
    </div>`
  }

  private renderRounding(): TemplateResult | typeof nothing {
    const { rounding, state } = this.answer
    if (rounding === undefined || state === 'agreed') return nothing
    const rms = `root mean square ${plain(rounding.seen.rms)}, limit ${plain(rounding.limit.rms)}`
    const scaled = `largest difference ${plain(rounding.seen.scaled)}, limit ${plain(rounding.limit.scaled)}`
    return html`<p class="small soft">
      By the rule: ${state === 'agreed-rounding' ? rms : `${scaled}; ${rms}`}, as shares of the returned values.
    </p>`
  }
}

/** Puts what stands in brackets at the end, or what an adaptive ask knew, on a line of its own. */
export function splitDetail(words: string): readonly [string, string | undefined] {
  const [, before, detail] = /^(.*?) (\(.*\)|it had .*)$/.exec(words) ?? []
  return before === undefined ? [words, undefined] : [before, detail]
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-verdict': MootVerdict
  }
}
