import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from './base.styles.ts'
import type { Asks } from './asks.ts'
import { asksContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import './moot-input-view.ts'
import { headline } from './result.ts'
import { linkTo } from './route.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'
import { cut, shortWords } from './words.ts'

/** The asks of this tab, newest first, each with what came of it. */
@customElement('moot-history')
export class MootHistory extends LitElement {
  static override readonly styles = [
    base,
    tones,
    css`
      ol {
        display: grid;
        gap: 0.15rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      a {
        display: grid;
        grid-template-columns: 3rem minmax(0, 1fr) auto;
        gap: 0.9rem;
        align-items: center;
        padding: 0.55rem;
        border-radius: 10px;
        color: inherit;
        text-decoration: none;
      }
      a:hover {
        background: var(--moot-sunk);
      }
      moot-input-view {
        overflow: hidden;
        max-block-size: 3rem;
      }
      .what {
        display: grid;
        min-inline-size: 0;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        color: var(--tone);
        font-weight: 600;
        font-size: var(--moot-small);
      }
      .label {
        font: 500 calc(var(--moot-title) * 0.85) / 1.1 var(--moot-serif);
        max-inline-size: 7rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .label.long {
        font-size: var(--moot-text);
      }
    `,
  ]

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
        const state = answer.fault?.code === 'CANCELLED' ? 'Cancelled' : shortWords(answer.state)
        return html`<li>
          <a href=${linkTo(this.room, { name: 'answer', id: answer.id })}>
            <moot-input-view .manifest=${answer.model.manifest} .input=${answer.input}></moot-input-view>
            <span class="what">
              <span class="state" data-tone=${toneOf(answer.state)}>${stateMark(answer.state, 1.2)}${state}</span>
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

const clock = (date: Date): string => date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

declare global {
  interface HTMLElementTagNameMap {
    'moot-history': MootHistory
  }
}
