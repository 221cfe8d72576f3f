import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Answer, ExecutorProgress } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-progress.styles.ts'
import { stoneMark } from './stone-mark.ts'
import { engineName, fetchingWords, percent, tabs } from './words.ts'

const DOING: Readonly<Record<ExecutorProgress['doing'], string>> = {
  seated: 'about to begin',
  fetching: 'fetching the model',
  computing: 'computing',
  committed: 'has committed',
  revealed: 'has shown its answer',
}

/** What each tab is doing while an answer is under way. */
@customElement('moot-progress')
export class MootProgress extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) answer!: Answer

  override render(): TemplateResult {
    const { executors, phase, replication } = this.answer
    // One sentence for the eye. Screen readers hear the verdict change, and find this when they look for it.
    const fetching = fetchingWords(executors)
    return html`<p>${fetching === undefined ? PHASES[phase](tabs(replication)) : `${fetching}.`}</p>
      ${
        executors.length === 0
          ? html`<progress aria-label="Looking for tabs"></progress>`
          : html`<ul>
              ${executors.map((executor) => this.renderExecutor(executor))}
            </ul>`
      }`
  }

  private renderExecutor({ peer, nickname, engine, doing, fraction }: ExecutorProgress): TemplateResult {
    const share = doing === 'fetching' && fraction !== undefined ? ` ${percent(fraction)}` : ''
    return html`<li>
      ${stoneMark(peer)}
      <span>${nickname} <span class="soft">${engineName(engine)}</span></span>
      <span class="small">${DOING[doing]}${share}</span>
      ${
        doing === 'fetching' && fraction !== undefined
          ? html`<progress aria-label=${`${nickname}, ${DOING[doing]}`} max="1" .value=${fraction}></progress>`
          : ''
      }
    </li>`
  }
}

const PHASES: Readonly<Record<Answer['phase'], (wanted: string) => string>> = {
  offering: (wanted) => `Looking for ${wanted}.`,
  computing: () => 'Each computes on its own and commits before it sees any other answer.',
  revealing: () => 'All have committed. The answers are being opened.',
  done: () => 'Done.',
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-progress': MootProgress
  }
}
