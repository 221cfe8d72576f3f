import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { HashRoute } from './controllers/hash-route.ts'
import type { Joiner, JoinStep } from './joining.ts'
import './moot-join.ts'
import type { JoinChoice } from './moot-join.ts'
import { tokens } from './tokens.ts'

/**
 * The whole page. Before Join it holds the Join screen and nothing else: no network, no engine and no other screen is
 * loaded. After Join it holds the room.
 */
@customElement('moot-app')
export class MootApp extends LitElement {
  static override readonly styles = [tokens, base]

  /** Makes this tab a peer; called once a person has pressed Join. */
  @property({ attribute: false }) join?: Joiner

  @state() private peer: Peer | undefined
  @state() private step: JoinStep | undefined
  @state() private fault: Fault | undefined

  private readonly at = new HashRoute(this, (route, before) => {
    if (route.room !== before.room) void this.leave()
  })

  override render(): TemplateResult {
    const { room } = this.at.route
    if (this.peer)
      return html`<moot-room .peer=${this.peer} .route=${this.at.route} @moot-leave=${() => this.leave()}></moot-room>`
    return html`<moot-join
      .room=${room}
      .step=${this.step}
      .fault=${this.fault}
      @moot-join=${(event: CustomEvent<JoinChoice>) => this.enter(room, event.detail)}
    ></moot-join>`
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
      this.fault = faultOf(error, (why) => ({ code: 'UNREACHABLE', peer: 'the room', why }))
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

declare global {
  interface HTMLElementTagNameMap {
    'moot-app': MootApp
  }
}
