import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { Governance } from '../peer/governance-view.ts'
import type { Peer } from '../peer/view.ts'
import { shortHash } from './authority/figures.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { styles } from './moot-entries.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { stoneMark } from './stone-mark.ts'
import { cut } from './words.ts'

/** Entries shown at first, and with each further press: a page of them. */
const PAGE = 24
/** Characters shown of what an entry says: a ruling of eleven deciders has about so many. */
const BODY_SHOWN = 4_000

/** Signed entries by their ids: each can be opened and read as it is held here. */
@customElement('moot-entries')
export class MootEntries extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** Ids, hexadecimal. */
  @property({ attribute: false }) entries: readonly string[] = []
  /** How many there are in all. */
  @property({ attribute: false }) count = 0
  @state() private shown = PAGE
  @state() private open: string | undefined
  private readonly reading = new Task<Awaited<ReturnType<Governance['entry']>>>(this)

  override render(): TemplateResult {
    const { entries, shown, count } = this
    const unnamed = count - entries.length
    return html`<ul role="list">
        ${entries.slice(0, shown).map(
          (id) =>
            html`<li>
              <button class="slim mono" title=${id} aria-expanded=${this.open === id} @click=${() => this.toggle(id)}>
                ${shortHash(id)}
              </button>
              ${this.open === id ? this.renderEntry() : nothing}
            </li>`,
        )}
      </ul>
      ${
        entries.length > shown
          ? html`<button class="slim" @click=${this.showMore}>
              Show ${Math.min(PAGE, entries.length - shown)} more of ${entries.length.toLocaleString('en')}
            </button>`
          : nothing
      }
      ${unnamed > 0 ? html`<p class="small soft">${unnamed.toLocaleString('en')} more are not named here.</p>` : nothing}`
  }

  private renderEntry(): TemplateResult {
    const { value, pending, slow, fault } = this.reading
    if (value === undefined)
      return html`<div class="entry">
        ${faultNote(fault)} ${slow ? waiting('Reading it') : nothing}
        ${pending || fault ? nothing : html`<p>It is not held here any more.</p>`}
      </div>`
    const { type, author, seq, body } = value
    return html`<div class="entry">
      <p>
        <strong>${cut(type, 40)}</strong>
        <span class="who" title=${author}>${stoneMark(author, '1.2em')} ${nicknameOf(author)}</span>, entry ${seq} of
        that log
      </p>
      <pre tabindex="0" dir="auto" role="group" aria-label="What it says">${cut(body, BODY_SHOWN)}</pre>
    </div>`
  }

  private showMore(): void {
    this.shown += PAGE
  }

  private toggle(id: string): void {
    this.open = this.open === id ? undefined : id
    if (this.open === undefined) this.reading.cancel()
    else void this.reading.run(() => this.peer.governance.entry(id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-entries': MootEntries
  }
}
