import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import type { Grade } from '../domain/ledger/entry.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { HashRoute } from './controllers/hash-route.ts'
import type { GoneKey, Joiner, JoinOptions, JoinStep, KeyReader, ReceiptChecker } from './joining.ts'
import { styles } from './moot-app.styles.ts'
import './moot-join.ts'
import type { JoinChoice } from './moot-join.ts'
import { faultNote } from './notes.ts'
import { rememberCharter } from './join-memory.ts'
import { linkTo, naming, type Route } from './route.ts'
import { foreign } from './shipped-charter.ts'
import { tokens } from './tokens.ts'

/** The charter that a person signed, and how: the tab joins the room again under it. */
export interface Rejoining {
  /** Its CID. */
  readonly charter: string
  readonly grade: Grade
}

/**
 * The whole page. Before Join it holds the Join screen, or the check of a receipt where a person asks for it: no network,
 * no engine and no other screen is loaded. After Join it holds the room.
 */
@customElement('moot-app')
export class MootApp extends LitElement {
  static override readonly styles = [tokens, base, styles]

  /** Makes this tab a peer; called once a person has pressed Join. */
  @property({ attribute: false }) join?: Joiner
  /** Checks a receipt before Join. */
  @property({ attribute: false }) checkReceipt?: ReceiptChecker
  /** Checks the file of a key that a person brings. */
  @property({ attribute: false }) readKey?: KeyReader

  @state() private peer: Peer | undefined
  @state() private step: JoinStep | undefined
  @state() private fault: Fault | undefined
  /** The key that left this device with the room. */
  @state() private gone: GoneKey | undefined
  private leaving: Promise<void> | undefined
  private loading: Promise<unknown> | undefined
  /** With what the room was joined last. Where its charter's text was not here, the tab looks on under another until that has come and is signed. */
  private joined: Pick<JoinOptions, 'charter' | 'watching'> | undefined

  private readonly at = new HashRoute(this, (route, before) => {
    if (route.room !== before.room || this.namesAnother(route)) void this.leave()
    else if (this.peer) this.nameCharter(this.peer)
    else if (this.peer === undefined) void this.arrive()
  })

  override render(): TemplateResult {
    const { room, screen } = this.at.route
    if (this.peer)
      return html`<moot-room
        .peer=${this.peer}
        .route=${this.at.route}
        @moot-leave=${(event: CustomEvent<GoneKey | null>) => this.leave(event.detail)}
        @moot-rejoin=${(event: CustomEvent<Rejoining>) => this.rejoin(event.detail)}
      ></moot-room>`
    if (screen.name === 'verify' && this.step === undefined) return this.renderCheck(room)
    return html`<moot-join
      .room=${room}
      .charter=${this.at.route.charter}
      .step=${this.step}
      .fault=${this.fault}
      .readKey=${this.readKey}
      .gone=${this.gone}
      @moot-join=${(event: CustomEvent<JoinChoice>) => this.enter(room, event.detail)}
    ></moot-join>`
  }

  protected override updated(): void {
    if (this.peer === undefined) document.title = `${this.at.route.room} · Moot`
  }

  /** Receipts are for anybody to check: with no room, no key and no network. */
  private renderCheck(room: string): TemplateResult {
    this.loading ??= import('./moot-verify.ts').catch((error: unknown) => (this.fault = loadFault(error)))
    return html`<main>
      <a href=${linkTo(room, { name: 'ask' })}>Back to the door</a>
      ${faultNote(this.fault)}
      <moot-verify .check=${this.checkReceipt}></moot-verify>
      <p class="soft">To run its model again as well, join first.</p>
    </main>`
  }

  /** Puts the focus on the heading of what the door turned to, as a page load would. */
  private async arrive(): Promise<void> {
    this.requestUpdate()
    await this.updateComplete
    await this.loading
    const screen = this.renderRoot.querySelector('moot-verify, moot-join')
    // A screen that could not be loaded is an element that nothing defines.
    if (!(screen instanceof LitElement)) return
    await screen.updateComplete
    screen.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  private enter(room: string, { watching, signs, moved, ...settings }: JoinChoice): Promise<void> {
    const { charter } = this.at.route
    return this.enterWith({
      room,
      watching,
      settings,
      ...(charter === undefined ? {} : { charter }),
      ...(signs ? { grade: 'clicked' as const } : {}),
      ...(moved ? { moved } : {}),
    })
  }

  /** Leaves the room and joins it under another charter, with the settings of now. */
  private async rejoin({ charter, grade }: Rejoining): Promise<void> {
    const { peer } = this
    if (peer === undefined || this.step !== undefined) return
    const { room, device } = peer.view
    const { engine, duty, cacheBytes } = device.settings
    const { joined } = this
    const lookedOn = joined?.charter !== undefined && joined.charter !== peer.view.charter.id
    const watching = lookedOn ? joined.watching : device.settings.watching
    const known = peer.governance.view.charters.find(({ id }) => id === charter)
    if (known) rememberCharter({ ...known, ...known.charter })
    this.at.replace(linkTo(room, { name: 'charter' }) + naming(foreign(charter)))
    await this.leave()
    await this.enterWith({ room, watching, settings: { engine, duty, cacheBytes }, charter, grade })
  }

  private async enterWith(options: Omit<JoinOptions, 'onProgress'>): Promise<void> {
    if (this.step !== undefined || this.join === undefined) return
    const { room, charter, watching } = options
    this.joined = { watching, ...(charter === undefined ? {} : { charter }) }
    this.fault = undefined
    this.step = 'loading'
    try {
      // Until it has left, its key is held.
      await this.leaving
      const onProgress = (step: JoinStep) => (this.step = step)
      const [peer] = await Promise.all([this.join({ ...options, onProgress }), import('./moot-room.ts')])
      // The room in the address may have changed meanwhile: nobody joins a room that is no longer named there.
      if (this.isConnected && this.at.route.room === room) {
        this.peer = peer
        this.gone = undefined
        this.nameCharter(peer)
      } else await peer.leave()
    } catch (error) {
      this.fault = loadFault(error)
    } finally {
      this.step = undefined
    }
  }

  /** Whether an address names a charter other than the one that the tab goes by, or was asked to. */
  private namesAnother({ charter }: Route): boolean {
    if (charter === undefined || this.peer === undefined) return false
    return charter !== this.peer.view.charter.id && charter !== this.joined?.charter
  }

  /** Lets the address name the charter that the tab goes by, or was asked to, where it is not the one shipped: a reload joins under the same. */
  private nameCharter({ view }: Peer): void {
    const charter = foreign(this.joined?.charter ?? view.charter.id)
    const { room, screen, charter: named } = this.at.route
    if (charter !== named) this.at.replace(linkTo(room, screen) + naming(charter))
  }

  private async leave(gone?: GoneKey | null): Promise<void> {
    const { peer } = this
    this.peer = undefined
    this.gone = gone ?? undefined
    this.leaving = peer?.leave()
    await this.leaving
  }
}

const loadFault = (error: unknown): Fault => faultOf(error, (why) => ({ code: 'UNREACHABLE', peer: 'the room', why }))

declare global {
  interface HTMLElementTagNameMap {
    'moot-app': MootApp
  }
  interface HTMLElementEventMap {
    'moot-rejoin': CustomEvent<Rejoining>
  }
}
