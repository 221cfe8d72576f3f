import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { clauseAt } from '../../domain/charter/clauses.ts'
import type { DefaultView } from '../../peer/governance-view.ts'
import type { Peer } from '../../peer/view.ts'
import { base } from '../base.styles.ts'
import { peerContext } from '../contexts.ts'
import { Subscription } from '../controllers/subscription.ts'
import { Task } from '../controllers/task.ts'
import { controls } from '../controls.styles.ts'
import { icon } from '../icons.ts'
import { faultNote, waiting } from '../notes.ts'
import { linkTo } from '../route.ts'
import { charterName, cut, percent } from '../words.ts'
import { affirmedWords } from './charter-words.ts'
import { charterStyles } from './charter.styles.ts'
import { styles } from './moot-defaults.styles.ts'

/** Characters of a value, a name or a setter. */
const TEXT_SHOWN = 160
/** Rows of one group: the registry has some hundred in all. */
const MOST_ROWS = 128
/** Characters of a value, as in a DEFAULT_SET. */
const MAX_VALUE = 256

/** The registry of defaults: what was chosen for those who chose nothing, by whom, and who looked at it. */
@customElement('moot-defaults')
export class MootDefaults extends LitElement {
  static override readonly styles = [base, controls, charterStyles, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Keys of the defaults whose alternatives were opened. */
  @state() private seen: ReadonlySet<string> = new Set()
  private readonly reading = new Task<readonly DefaultView[]>(this)
  private readonly signing = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.read()
  }

  override render(): TemplateResult {
    const { room } = this.peer.view
    const { value, slow, fault } = this.reading
    return html`<a class="back" href=${linkTo(room, { name: 'charter' })}>${icon('back')}The charter of this room</a>
      <header>
        <h1 tabindex="-1">Defaults</h1>
        <p class="lead">
          What was chosen for those who chose nothing, and who chose it. Whoever ships and connects comes first.
        </p>
      </header>
      ${slow ? waiting('Reading the registry') : nothing} ${faultNote(fault)} ${faultNote(this.signing.fault)}
      ${value ? this.renderAll(value) : nothing}`
  }

  private renderAll(all: readonly DefaultView[]): TemplateResult {
    const groups = [...Map.groupBy(all, ({ group }) => group)]
    const kept = all.filter(({ affirmedByMe }) => affirmedByMe).length
    const other = all.filter(({ mine }) => mine !== undefined).length
    return html`<p class="soft">
        ${all.length} defaults. You kept ${kept} after seeing the alternatives, and run something else in ${other}.
      </p>
      ${groups.map(
        ([group, rows], i) =>
          html`<section class="card" aria-labelledby=${`group-${i}`}>
            <h2 id=${`group-${i}`}>${cut(group, TEXT_SHOWN)}</h2>
            <ul class="defaults">
              ${rows.slice(0, MOST_ROWS).map((row) => this.renderDefault(row))}
            </ul>
          </section>`,
      )}`
  }

  private renderDefault(row: DefaultView): TemplateResult {
    const { key, name, value, setBy, clause, since, unchanged, affirmed, of, mine } = row
    const charter = charterName(this.peer.view.charter)
    return html`<li>
      <p class="name"><strong>${cut(name, TEXT_SHOWN)}</strong></p>
      <p class="value" dir="auto" title=${value}>${cut(value, TEXT_SHOWN)}</p>
      ${mine === undefined ? nothing : html`<p class="small">You run: <span dir="auto">${cut(mine, TEXT_SHOWN)}</span></p>`}
      <p class="small soft">
        Set by ${cut(setBy, TEXT_SHOWN)},
        ${clause === 'code' ? 'in the code' : `in ${charter}, rule ${clauseAt(clause)?.number ?? cut(clause, TEXT_SHOWN)}`};
        since ${cut(since, TEXT_SHOWN)}.
      </p>
      <div
        class="shares"
        aria-hidden="true"
        style=${`--unchanged:${unchanged};--affirmed:${affirmed}`}
        title=${percent(unchanged)}
      >
        ${of === 0 ? nothing : html`<i></i><b></b>`}
      </div>
      <p class="small">${affirmedWords(row)}</p>
      ${this.renderChoice(row, key)}
    </li>`
  }

  private renderChoice(row: DefaultView, key: string): TemplateResult {
    const { alternatives, affirmedByMe, clause, mine } = row
    const seen = this.seen.has(key)
    const { pending } = this.signing
    return html`<details @toggle=${(event: Event) => this.open(key, event)}>
      <summary>
        ${affirmedByMe ? 'You kept it. ' : ''}${alternatives.length === 0 ? 'No other is known' : `What else it could be (${alternatives.length})`}
      </summary>
      ${
        alternatives.length === 0
          ? nothing
          : html`<ul class="others">
              ${alternatives.slice(0, MOST_ROWS).map((each) => html`<li dir="auto">${cut(each, TEXT_SHOWN)}</li>`)}
            </ul>`
      }
      <div class="row">
        ${
          affirmedByMe
            ? nothing
            : html`<button class="slim" ?disabled=${!seen || pending} @click=${() => this.keep(key)}>
                ${icon('holds')}Keep it
              </button>`
        }
        ${
          clause === 'code'
            ? nothing
            : html`<a class="button slim" href=${linkTo(this.peer.view.room, { name: 'amend' })}
                >${icon('fork')}Change it in the charter</a
              >`
        }
      </div>
      ${clause === 'code' && alternatives.length > 0 ? this.renderOther(row, key, pending) : nothing}
      ${
        affirmedByMe || mine !== undefined
          ? nothing
          : html`<p class="small soft">To keep it is to say, signed: I have seen the alternatives, and keep it.</p>`
      }
    </details>`
  }

  private renderOther({ name }: DefaultView, key: string, pending: boolean): TemplateResult {
    return html`<form class="other" @submit=${(event: SubmitEvent) => this.runOther(event, key)}>
      <label
        >I run another
        <input
          type="text"
          name="value"
          dir="auto"
          required
          maxlength=${MAX_VALUE}
          aria-label=${`${name}: what I run`}
        />
      </label>
      <button class="slim" ?disabled=${pending}>Say so</button>
    </form>`
  }

  private open(key: string, event: Event): void {
    if ((event.target as HTMLDetailsElement).open) this.seen = new Set([...this.seen, key])
  }

  private keep(key: string): void {
    void this.sign(() => this.peer.governance.affirm(key))
  }

  private runOther(event: SubmitEvent, key: string): void {
    event.preventDefault()
    const value = (event.target as HTMLFormElement).querySelector('input')?.value.trim() ?? ''
    if (value !== '') void this.sign(() => this.peer.governance.setDefault(key, value))
  }

  private async sign(work: () => Promise<void>): Promise<void> {
    await this.signing.run(work)
    if (this.signing.fault === undefined) await this.read()
  }

  private async read(): Promise<void> {
    const before = this.reading.value
    await this.reading.run(() => {
      // What was there stays in view until it is read again.
      this.reading.value = before
      return this.peer.governance.defaults()
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-defaults': MootDefaults
  }
}
