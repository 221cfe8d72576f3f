import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Check } from '../domain/checking.ts'
import { MAX_REPLICATION } from '../domain/messages.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import type { Draft } from './draft.ts'
import { styles } from './moot-check.styles.ts'
import { segments } from './segments.ts'
import { tabs } from './words.ts'

type Several = Extract<Check, { mode: 'replicated' }>

/** Fewer is one tab, which has a name of its own. */
const FEWEST = 2

/**
 * How an answer is to be checked: what each way costs and gives, and which of them the charter sets.
 *
 * @fires moot-check - A `CustomEvent<Partial<Draft>>`: the person chose.
 */
@customElement('moot-check')
export class MootCheck extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) check!: Check
  /** What several tabs would come to. */
  @property({ attribute: false }) several!: Several
  /** The charter's. */
  @property({ attribute: false }) standard!: Check
  /** Tabs here that could answer. */
  @property({ attribute: false }) others = 0

  override render(): TemplateResult {
    const { check, several } = this
    const ways = [{ mode: 'one-tab' }, several, { mode: 'adaptive' }] as const
    return html`<fieldset aria-describedby="means">
        ${segments(
          'check',
          'How to check it',
          ways.map((way) => [nameOf(way), way.mode === check.mode, () => this.choose({ mode: way.mode })]),
        )}
      </fieldset>
      <p id="means" class="small soft">${meaningOf(check)} ${this.renderStandard()}</p>
      ${check.mode === 'replicated' ? this.renderReplication(check.replication) : nothing}`
  }

  private renderStandard(): string {
    return nameOf(this.check) === nameOf(this.standard)
      ? "This is the charter's default."
      : `The charter's default: ${nameOf(this.standard).toLowerCase()}.`
  }

  private renderReplication(replication: number): TemplateResult {
    const { others } = this
    return html`<div class="wanted">
        <label for="replication">Tabs to answer</label>
        <output for="replication">${tabs(replication)}</output>
      </div>
      <input
        id="replication"
        type="range"
        min=${FEWEST}
        max=${MAX_REPLICATION}
        .value=${String(replication)}
        aria-valuetext=${tabs(replication)}
        @input=${(event: Event) => this.choose({ replication: Number((event.target as HTMLInputElement).value) })}
      />
      ${
        others > 0
          ? html`<p class="small soft">${replication > others ? 'Only ' : ''}${tabs(others)} here could answer.</p>`
          : nothing
      }`
  }

  private choose(detail: Partial<Draft>): void {
    this.dispatchEvent(new CustomEvent('moot-check', { detail, bubbles: true, composed: true }))
  }
}

function nameOf(check: Check): string {
  switch (check.mode) {
    case 'one-tab':
      return 'One tab'
    case 'replicated':
      return tabs(check.replication)
    case 'adaptive':
      return 'Adaptive'
    default:
      return check satisfies never
  }
}

/** What a way to check costs, and what it gives. */
function meaningOf(check: Check): string {
  switch (check.mode) {
    case 'one-tab':
      return 'Runs once: the quickest, and nobody checks it.'
    case 'replicated':
      return `Runs ${check.replication} times: each tab answers on its own, and where they differ it is run again and settled.`
    case 'adaptive':
      return 'Runs little more than once: a tab that is new here is always checked, one that kept being right now and then.'
    default:
      return check satisfies never
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-check': MootCheck
  }
  interface HTMLElementEventMap {
    'moot-check': CustomEvent<Partial<Draft>>
  }
}
