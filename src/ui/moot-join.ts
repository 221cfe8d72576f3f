import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Fault } from '../domain/fault.ts'
import type { Settings } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { download } from './download.ts'
import { CACHES, DUTIES, recall, remember, type SignedCharter } from './join-memory.ts'
import type { BroughtKey, GoneKey, JoinStep, KeyReader } from './joining.ts'
import { broughtNote, goneNote } from './key-notes.ts'
import { mark } from './mark.ts'
import { segments } from './segments.ts'
import { foreign, SHIPPED_LABELS } from './shipped-charter.ts'
import { styles } from './moot-join.styles.ts'
import { faultNote, waiting } from './notes.ts'
import { linkTo, naming } from './route.ts'
import { charterName, cut } from './words.ts'

/** What a person chose on the Join screen. */
export type JoinChoice = Pick<Settings, 'watching' | 'engine' | 'duty' | 'cacheBytes'> & {
  /** Joining signs the charter: what it says was before them. */
  readonly signs: boolean
  /** The file of a key that they bring. */
  readonly moved?: Uint8Array
}

/** Labels of a charter that are shown; all of them are on its own screen. */
const LABELS_SHOWN = 4
/** Characters of a label, and of a CID. */
const LABEL_LENGTH = 200
const ID_SHOWN = 24

/** The exact words that a person agrees to. */
const CONSENT = [
  'Other tabs can see your IP address.',
  'What you ask is sent to them and they can read it.',
  'Your device will run small jobs.',
  'Signed records of what you did stay with others.',
  'Nothing starts before you press Join.',
]

const STEPS: Readonly<Record<JoinStep, string>> = {
  loading: 'Loading the app',
  identity: "Finding this tab's key",
  network: 'Reaching the room',
  joined: 'Joined',
}

/**
 * The door: what joining means, and how much of this device to give. Nothing has started yet, and nothing starts here.
 *
 * @fires moot-join - A `CustomEvent<JoinChoice>`: a person pressed Join or Watch only.
 */
@customElement('moot-join')
export class MootJoin extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property() room = ''
  /** CID of the charter that the link names; the one shipped with the app where it names none. */
  @property({ attribute: false }) charter: string | undefined
  /** How far joining has come, once it was pressed. */
  @property({ attribute: false }) step: JoinStep | undefined
  /** Why joining failed. */
  @property({ attribute: false }) fault: Fault | undefined
  /** Checks the file of a key. */
  @property({ attribute: false }) readKey: KeyReader | undefined
  /** The key that left this device last, before this door was shown. */
  @property({ attribute: false }) gone: GoneKey | undefined

  @state() private memory = recall()
  @state() private reading = !recall().consented
  @state() private declined = false
  private readonly bringing = new Task<BroughtKey>(this)

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A key is brought to one room.
    if (changed.has('room') && changed.get('room')) this.drop()
  }

  override render(): TemplateResult {
    return html`<main>
      <section aria-labelledby="title">
        ${mark('100%')}
        <p class="brand">${mark('2.1rem')} moot</p>
        <h1 id="title" tabindex="-1">Ask.<br />Let others check.</h1>
        <p class="lead">
          Here an answer is computed by several tabs, drawn by lot, that cannot see each other's work until all have
          committed. You are shown how far they agree.
        </p>
        <dl class="where">
          <dt>Room</dt>
          <dd class="name">${this.room}</dd>
          <dt>Charter</dt>
          ${this.renderCharter()}
        </dl>
      </section>
      <section class="card" aria-label="Joining">${this.renderCard()}</section>
    </main>`
  }

  /** Which charter one signs by joining, in a line, and what whoever signs it must be told. */
  private renderCharter(): TemplateResult {
    const id = this.foreign()
    if (id === undefined)
      return html`<dd>
        First charter 1: three tabs answer, at least one of them on the reference engine. Joining signs it.
        ${SHIPPED_LABELS.map((label) => html`<p class="small label">${label}</p>`)}
      </dd>`
    const signed = this.signedBefore()
    if (signed === undefined)
      return html`<dd>
        <code title=${id}>${cut(id, ID_SHOWN)}</code>. Its text is not here yet: you look on until you have read and
        signed it.
      </dd>`
    return html`<dd>
      <span title=${id}>${charterName(signed)}</span>, which you signed on this site before. Joining signs it.
      ${signed.labels.slice(0, LABELS_SHOWN).map((label) => html`<p class="small label">${cut(label, LABEL_LENGTH)}</p>`)}
    </dd>`
  }

  private foreign(): string | undefined {
    return this.charter === undefined ? undefined : foreign(this.charter)
  }

  private signedBefore(): SignedCharter | undefined {
    return this.memory.charters.find(({ id }) => id === this.charter)
  }

  private renderCard(): TemplateResult {
    if (this.step) return this.renderSteps(this.step)
    if (this.declined) return this.renderDeclined()
    return html`${faultNote(this.fault)}
      ${this.gone ? goneNote(this.gone, () => this.gone?.saved && download(this.gone.saved.file, this.gone.saved.name)) : nothing}
      ${this.renderConsent()} ${this.renderSettings()} ${this.renderBrought()}
      <div class="actions">
        <button class="primary" @click=${() => this.choose(false)}>Join</button>
        <button @click=${() => this.choose(true)}>Watch only</button>
        <button @click=${() => (this.declined = true)}>Not now</button>
      </div>
      <p class="small soft">Watch only reads every answer and runs no job.</p>
      <div class="quiet">
        <a class="check" href=${linkTo(this.room, { name: 'verify' }) + naming(this.foreign())}>Check a receipt</a>
        <label class="bring"
          >Bring a key from another device
          <input type="file" class="unseen" @change=${this.bring} />
        </label>
      </div>`
  }

  private renderBrought(): TemplateResult {
    const { value, slow, fault } = this.bringing
    return html`${faultNote(fault)} ${slow ? waiting('Checking every signature of the key') : nothing}
    ${value ? broughtNote(value, () => this.drop()) : nothing}`
  }

  private bring({ target }: Event): void {
    const input = target as HTMLInputElement
    const [file] = input.files ?? []
    const { readKey } = this
    if (file === undefined || readKey === undefined) return
    void this.bringing.run(() => readKey(file, this.room))
    input.value = ''
  }

  private drop(): void {
    this.bringing.cancel()
    this.bringing.value = undefined
    this.bringing.fault = undefined
  }

  private renderDeclined(): TemplateResult {
    const back = html`<div><button @click=${() => (this.declined = false)}>Back</button></div>`
    if (!recall().consented)
      return html`<h2>Nothing was started</h2>
        <p>No connection was made and nothing was kept. You can close this tab.</p>
        ${back}`
    return html`<h2>Nothing is running</h2>
      <p>
        No connection is open. What you kept when you joined stays in this browser: ${this.gone ? '' : 'the key, '}the
        models and these settings. To remove it, clear this site's data in the browser. You can close this tab.
      </p>
      ${back}`
  }

  private renderConsent(): TemplateResult {
    if (!this.reading)
      return html`<div class="consent">
        <p>You agreed on this site before. Still: nothing starts before you press Join.</p>
        <p><button class="slim" @click=${() => (this.reading = true)}>Read again</button></p>
      </div>`
    return html`<div class="consent">
      <h2>Before you join</h2>
      <ul>
        ${CONSENT.map((line) => html`<li>${line}</li>`)}
      </ul>
    </div>`
  }

  private renderSettings(): TemplateResult {
    const { duty, cacheBytes, engine } = this.memory
    const canUseGpu = 'gpu' in navigator
    return html`<div class="settings">
      ${this.renderChoice(
        'duty',
        'Computing for others, at most',
        DUTIES.map((value) => [`${value * 100} %`, value === duty, () => this.keep({ duty: value })]),
      )}
      ${this.renderChoice(
        'cache',
        'Models kept here, at most',
        CACHES.map((bytes) => [size(bytes), bytes === cacheBytes, () => this.keep({ cacheBytes: bytes })]),
      )}
      ${
        canUseGpu
          ? this.renderChoice('engine', 'Compute with', [
              ['CPU', engine === 'cpu', () => this.keep({ engine: 'cpu' })],
              ['GPU', engine === 'gpu', () => this.keep({ engine: 'gpu' })],
            ])
          : html`<p class="small soft">This browser can't use your GPU. Join with the CPU or watch.</p>`
      }
    </div>`
  }

  private renderChoice(...choice: Parameters<typeof segments>): TemplateResult {
    return html`<fieldset class="setting">${segments(...choice)}</fieldset>`
  }

  private renderSteps(current: JoinStep): TemplateResult {
    const names = Object.keys(STEPS) as JoinStep[]
    const at = names.indexOf(current)
    return html`<h2>Joining ${this.room}</h2>
      <ol>
        ${names.map(
          (name, i) =>
            html`<li class=${i < at ? 'done' : ''} aria-current=${i === at ? 'step' : nothing}>${STEPS[name]}</li>`,
        )}
      </ol>
      <p class="unseen" role="status">${STEPS[current]}</p>`
  }

  private keep(change: Partial<JoinChoice>): void {
    this.memory = { ...this.memory, ...change }
  }

  private choose(watching: boolean): void {
    const { duty, cacheBytes } = this.memory
    const engine = 'gpu' in navigator ? this.memory.engine : 'cpu'
    remember({ ...this.memory, consented: true })
    this.reading = false
    const signs = this.foreign() === undefined || this.signedBefore() !== undefined
    const moved = this.bringing.value?.file
    const detail: JoinChoice = { watching, duty, cacheBytes, engine, signs, ...(moved ? { moved } : {}) }
    this.dispatchEvent(new CustomEvent('moot-join', { detail, bubbles: true, composed: true }))
  }
}

const size = (bytes: number): string => (bytes < 1024 ** 3 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024 ** 3} GiB`)

declare global {
  interface HTMLElementTagNameMap {
    'moot-join': MootJoin
  }
  interface HTMLElementEventMap {
    'moot-join': CustomEvent<JoinChoice>
  }
}
