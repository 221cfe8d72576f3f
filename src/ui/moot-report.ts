import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { EvidenceCheck, EvidenceReport } from '../peer/dispute-view.ts'
import { base } from './base.styles.ts'
import { checkList } from './checks.ts'
import { checks } from './checks.styles.ts'
import { shortfallWords, verdictHeading, verdictWords } from './disputes/dispute-words.ts'
import { icon } from './icons.ts'
import { stateMark, toneOf } from './state-mark.ts'
import { tones } from './tones.styles.ts'

const TITLES: Readonly<Record<EvidenceCheck['name'], string>> = {
  receipt: 'Receipt',
  messages: 'Messages',
  traces: 'Traces',
  model: 'Model',
  inputs: 'Inputs',
  operator: 'Operator',
  output: 'Output',
  claims: 'Claims',
  verdict: 'Verdict',
}

/** What replaying evidence here came to: the verdict as the replay found it, or what does not hold, or what it lacks here. */
@customElement('moot-report')
export class MootReport extends LitElement {
  static override readonly styles = [base, tones, checks]

  @property({ attribute: false }) report!: EvidenceReport

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.renderHeading()} ${checkList(this.report.checks.map((check) => ({ ...check, title: TITLES[check.name] })))}
    </div>`
  }

  /** What the evidence says is told as so only where it was reached again. */
  private renderHeading(): TemplateResult {
    const { holds, checks: all, verdict } = this.report
    if (!holds) {
      const { heading, what, advice } = shortfallWords(all.map((check) => ({ ...check, title: TITLES[check.name] })))
      return html`<h2 class="state" data-tone="contested">${icon('warning', 1.5)}${heading}</h2>
        <p><strong>${what}</strong> ${advice}</p>`
    }
    return html`<h2 class="state" data-tone=${verdict ? toneOf(verdict.state) : 'lone'}>
        ${verdict ? stateMark(verdict.state) : icon('holds')}${verdict ? verdictHeading(verdict) : 'It holds'}
      </h2>
      <p>
        <strong>Replayed on this device, with the same outcome.</strong> ${verdict ? verdictWords(verdict) : nothing}
      </p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-report': MootReport
  }
}
