import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import type { Asks } from './asks.ts'
import { asksContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { styles } from './moot-history.styles.ts'
import { icon } from './icons.ts'
import './moot-input-view.ts'
import { headline } from './result.ts'
import { linkTo } from './route.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { clock, cut, lostWords, shortWords } from './words.ts'

/** The asks of this tab, newest first, each with what came of it. */
@customElement('moot-history')
export class MootHistory extends LitElement {
  static override readonly styles = [base, tones, styles]

  @consume({ context: asksContext }) asks!: Asks
  @property() room = ''

  constructor() {
    super()
    void new Subscription(this, () => this.asks)
  }

  override render(): TemplateResult {
    return html`<ol>
      ${this.asks.answers.map((answer) => {
        const label = headline(answer)
        const words = this.asks.wordsOf(answer.id)
        const state = answer.state === 'lost' ? lostWords(answer.fault) : shortWords(answer.state)
        return html`<li>
          <a href=${linkTo(this.room, { name: 'answer', id: answer.id })}>
            ${
              words === undefined
                ? html`<moot-input-view .manifest=${answer.model.manifest} .input=${answer.input}></moot-input-view>`
                : html`<span class="words">${icon('words', 1.6)}</span>`
            }
            <span class="what">
              <span class="state" data-tone=${toneOf(answer.state)}>${stateMark(answer.state, 1.2)}${state}</span>
              ${words === undefined ? nothing : html`<span class="said" dir="auto">${cut(words, 60)}</span>`}
              <span class="small soft">${cut(answer.model.manifest.name, 30)} · ${clock(answer.askedAt)}</span>
            </span>
            <span class=${(label?.length ?? 0) > 5 ? 'label long' : 'label'} title=${label ?? nothing}
              ><bdi dir="ltr">${label}</bdi></span
            >
          </a>
        </li>`
      })}
    </ol>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-history': MootHistory
  }
}
