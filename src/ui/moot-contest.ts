import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ContestClass } from '../domain/ledger/entry.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { ruleWords } from './case-words.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-contest.styles.ts'
import { faultNote } from './notes.ts'
import { linkTo } from './route.ts'
import { charterName } from './words.ts'

/** Characters of a note, as in a CONTEST. */
const MAX_NOTE = 280

const LABELS: Readonly<Record<ContestClass, string>> = {
  arithmetic: 'It was computed wrong',
  delivery: 'It was withheld, or came late',
  model: 'Its model is broken or mislabelled',
  quality: 'It was computed right, and is a bad answer',
  rule: 'The rule itself is wrong',
}

/**
 * Objecting to an answer: what the objection is about, and a note for whoever reads of it. Arithmetic decides of what was computed;
 * a jury of what arithmetic cannot settle, and the page then goes to the case.
 *
 * @fires moot-close - It was contested, or the person thought better of it.
 */
@customElement('moot-contest')
export class MootContest extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Hex. */
  @property() job = ''
  @state() private about: ContestClass = 'arithmetic'
  private readonly contesting = new Task<void>(this)

  override render(): TemplateResult {
    const { pending, fault } = this.contesting
    const byJury = this.about !== 'arithmetic'
    return html`<form class="card" @submit=${this.contest}>
      <fieldset>
        <legend>What is your objection?</legend>
        ${(Object.keys(LABELS) as ContestClass[]).map((about) => this.renderAbout(about))}
      </fieldset>
      ${
        byJury
          ? html`<p>
              A jury decides, drawn by lot from those whom both sides trust, under
              ${charterName(this.peer.view.charter)}, ${ruleWords('jury.threshold')}. Whoever sits is shown what was
              asked and answered.
            </p>`
          : html`<p>Tabs will run it again on the reference engine. Arithmetic decides; nobody is believed.</p>`
      }
      <label for="note"
        >${byJury ? 'What you object to: the jury and all in this room can read it' : 'Why, if you like: all in this room can read it'}</label
      >
      <textarea id="note" dir="auto" rows="2" maxlength=${MAX_NOTE} ?required=${byJury}></textarea>
      ${faultNote(fault)}
      <div class="row">
        <button class="primary" ?disabled=${pending}>Contest it</button>
        <button type="button" class="plain" @click=${this.close}>Leave it</button>
      </div>
    </form>`
  }

  private renderAbout(about: ContestClass): TemplateResult {
    return html`<label class="choice"
      ><input type="radio" name="about" .checked=${this.about === about} @change=${() => (this.about = about)} /><span
        >${LABELS[about]}</span
      ></label
    >`
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('input')?.focus()
  }

  private async contest(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const note = this.renderRoot.querySelector('textarea')?.value.trim() ?? ''
    const { about, job } = this
    if (about !== 'arithmetic' && note === '') return
    await this.contesting.run(async () => {
      if (about === 'arithmetic') return this.peer.contest(job, note)
      const id = await this.peer.governance.contest(job, about, note)
      location.hash = linkTo(this.peer.view.room, { name: 'case', id })
    })
    if (this.contesting.fault === undefined) this.close()
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('moot-close'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-contest': MootContest
  }
  interface HTMLElementEventMap {
    'moot-close': CustomEvent<null>
  }
}
