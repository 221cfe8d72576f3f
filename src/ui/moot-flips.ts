import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Flip } from '../domain/authority/report-shape.ts'
import { flipWords, ruleName } from './authority/report-words.ts'
import { base } from './base.styles.ts'
import './moot-entries.ts'
import { styles } from './moot-flips.styles.ts'

/** Stones in a row at most: of more rulings each stands for several. */
const MOST_STONES = 40

/** Who would have won if seats were filled by another rule: the same votes, counted again. */
@customElement('moot-flips')
export class MootFlips extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) flips: readonly Flip[] = []

  override render(): TemplateResult {
    return html`<h2>Who would have won otherwise</h2>
      <p class="soft">The same votes, counted as if seats had been filled by another rule.</p>
      <ul role="list">
        ${this.flips.map((flip) => this.renderFlip(flip))}
      </ul>`
  }

  private renderFlip(flip: Flip): TemplateResult {
    const stones = Math.min(MOST_STONES, flip.of)
    const leaning = flip.of === 0 ? 0 : Math.round((flip.flipped / flip.of) * stones)
    return html`<li>
      <h3>${ruleName(flip.rule)}</h3>
      <div class="stones" aria-hidden="true">
        ${Array.from({ length: stones }, (_, i) => html`<i class=${i < leaning ? 'leans' : ''}></i>`)}
      </div>
      <p>${flipWords(flip)}</p>
      ${
        flip.rulings.length > 0
          ? html`<details>
              <summary>Which rulings</summary>
              <moot-entries .entries=${flip.rulings} .count=${flip.flipped}></moot-entries>
            </details>`
          : nothing
      }
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-flips': MootFlips
  }
}
