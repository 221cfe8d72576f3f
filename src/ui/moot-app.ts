import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { HashRoute } from './controllers/hash-route.ts'
import type { Joiner, JoinStep, ReceiptChecker } from './joining.ts'
import { styles } from './moot-app.styles.ts'
import './moot-join.ts'
import type { JoinChoice } from './moot-join.ts'
import { faultNote } from './notes.ts'
import { linkTo } from './route.ts'
import { tokens } from './tokens.ts'

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

  @state() private peer: Peer | undefined
  @state() private step: JoinStep | undefined
  @state() private fault: Fault | undefined
  private loading: Promise<unknown> | undefined

  private readonly at = new HashRoute(this, (route, before) => {
    if (route.room !== before.room) void this.leave()
    else if (this.peer === undefined) void this.arrive()
  })

  override render(): TemplateResult {
    const { room, screen } = this.at.route
    if (this.peer)
      return html`<moot-room .peer=${this.peer} .route=${this.at.route} @moot-leave=${() => this.leave()}></moot-room>`
    if (screen.name === 'verify' && this.step === undefined) return this.renderCheck(room)
    return html`<moot-join
      .room=${room}
      .step=${this.step}
      .fault=${this.fault}
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

  private async enter(room: string, choice: JoinChoice): Promise<void> {
    if (this.step !== undefined || this.join === undefined) return
    const { watching, ...settings } = choice
    this.fault = undefined
    this.step = 'loading'
    try {
      const onProgress = (step: JoinStep) => (this.step = step)
      const [peer] = await Promise.all([this.join({ room, watching, settings, onProgress }), import('./moot-room.ts')])
      // The room in the address may have changed meanwhile: nobody joins a room that is no longer named there.
      if (this.isConnected && this.at.route.room === room) this.peer = peer
      else await peer.leave()
    } catch (error) {
      this.fault = loadFault(error)
    } finally {
      this.step = undefined
    }
  }

  private async leave(): Promise<void> {
    const { peer } = this
    this.peer = undefined
    await peer?.leave()
  }
}

const loadFault = (error: unknown): Fault => faultOf(error, (why) => ({ code: 'UNREACHABLE', peer: 'the room', why }))

declare global {
  interface HTMLElementTagNameMap {
    'moot-app': MootApp
  }
}
