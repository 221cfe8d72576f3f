import { provide } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { Answer, Peer } from '../peer/view.ts'
import { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, hostingContext, peerContext } from './contexts.ts'
import { OnDemand } from './controllers/on-demand.ts'
import { Online } from './controllers/online.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { dutyNotes } from './duty-notes.ts'
import { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import type { ReceiptChecker } from './joining.ts'
import { mark } from './mark.ts'
import './moot-answer.ts'
import './moot-ask.ts'
import { styles } from './moot-room.styles.ts'
import { faultNote, note, waiting, warning } from './notes.ts'
import { IN_BAR, PARENTS, PLACES, TITLES } from './places.ts'
import { DEFAULT_ROOM, linkTo, type Route, type Screen } from './route.ts'
import { stateWords } from './verdict-words.ts'
import { caseStep } from './case-words.ts'
import { disputeStep, isOpen } from './contest-words.ts'
import { cut } from './words.ts'

/**
 * The room after Join: where one is, the way to the screens, Pause, and what a person must know whatever the screen.
 * Provides the peer and the asks to every element below.
 */
@customElement('moot-room')
export class MootRoom extends LitElement {
  static override readonly styles = [base, controls, styles]

  @provide({ context: peerContext }) @property({ attribute: false }) peer!: Peer
  @provide({ context: asksContext }) @state() asks!: Asks
  @provide({ context: hostingContext }) @state() hosting!: Hosting
  @property({ attribute: false }) route: Route = { room: DEFAULT_ROOM, screen: { name: 'ask' } }
  /** What is read out to those who do not see the screen. */
  @state() private said = ''

  private unsubscribe: (() => void) | undefined
  private readonly screens = new OnDemand(this)
  private readonly online = new Online(this)
  private readonly states = new Map<number, string>()
  private hasArrived = false

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override disconnectedCallback(): void {
    this.unsubscribe?.()
    this.hosting.dismiss()
    super.disconnectedCallback()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('route')) this.bring(this.route.screen)
    if (!changed.has('peer')) return
    this.unsubscribe?.()
    if (changed.get('peer')) this.hosting.dismiss()
    this.hosting = new Hosting(this.peer.models)
    this.asks = new Asks(this.peer)
    this.unsubscribe = this.asks.subscribe((answer) => this.announce(answer))
  }

  override render(): TemplateResult {
    const { view } = this.peer
    const { paused, watching } = view.device.settings
    const open = view.disputes.filter(isOpen).length + this.peer.governance.view.cases.filter(isOpenCase).length
    const elsewhere = PLACES.slice(IN_BAR).some(([name]) => this.isAt(name))
    return html`<header>
        <a class="home" href=${this.to({ name: 'ask' })}>
          ${mark('2.2rem')}
          <span class="words">
            <strong>moot</strong>
            <span class="small soft" title=${view.room}>${view.room}</span>
          </span>
        </a>
        <nav aria-label="Screens">
          ${PLACES.slice(0, IN_BAR).map((place) => this.renderPlace(place, open))}
          <button popovertarget="more" data-here=${elsewhere}>${icon('more')}<span>More</span></button>
          <div id="more" popover>${PLACES.slice(IN_BAR).map((place) => this.renderPlace(place, open))}</div>
        </nav>
        <button class="pause slim" aria-pressed=${paused} @click=${() => this.peer.configure({ paused: !paused })}>
          ${icon(paused ? 'resume' : 'pause')}${paused ? 'Resume' : 'Pause'}
        </button>
      </header>
      <div class="body">
        <div class="strip">${this.renderNotes(paused, watching)}</div>
        <main>${this.renderScreen()}</main>
      </div>
      <p class="unseen" role="status">${this.said}</p>`
  }

  private renderPlace([name, drawing, label]: (typeof PLACES)[number], open: number): TemplateResult {
    return html`<a href=${this.to({ name })} aria-current=${this.isAt(name) ? 'page' : nothing}
      >${icon(drawing)}<span>${label}</span>${
        name === 'disputes' && open > 0 ? html`<b> ${open}<span class="unseen"> open</span></b>` : nothing
      }</a
    >`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('route')) return
    this.renderRoot.querySelector<HTMLElement>('#more')?.hidePopover()
    document.title = `${TITLES[this.route.screen.name]} · ${cut(this.route.room, 40)} · Moot`
    const before = changed.get('route')
    const here = linkTo(this.route.room, this.route.screen)
    if (!this.hasArrived || (before && linkTo(before.room, before.screen) !== here)) void this.arrive()
  }

  private renderNotes(paused: boolean, watching: boolean): unknown[] {
    const { relays, peers, device } = this.peer.view
    const linked = peers.filter((peer) => peer.path !== 'none').length
    const cutOff = relays.length > 0 && relays.every((relay) => !relay.connected)
    const stay = linked === 1 ? '1 connected tab stays' : `${linked} connected tabs stay`
    return [
      device.plantedFault &&
        warning(`A fault is planted in this tab for a rehearsal: ${cut(device.plantedFault, 60)}.`),
      ...dutyNotes(this.peer, this.route),
      paused && note('Paused: this tab runs no jobs. Others are still there to answer yours.', 'pause'),
      watching && note('Watching: this tab reads every answer and runs no job.', 'eye'),
      !this.online.now && note(offlineWords(peers.filter((peer) => peer.path === 'direct').length)),
      this.online.now &&
        cutOff &&
        warning(
          linked > 0 ? `Relay gone: nobody new can join until it is back. ${stay}.` : `Can't reach the relay. ${stay}.`,
        ),
    ].filter(Boolean)
  }

  private renderScreen(): TemplateResult {
    const { screen } = this.route
    const { slow, fault } = this.screens
    if (!this.screens.has(screen.name))
      return html`${slow ? waiting('Loading this screen') : nothing} ${faultNote(fault)}`
    switch (screen.name) {
      case 'ask':
        return html`<moot-ask .asked=${this.route.charter}></moot-ask>`
      case 'answer':
        return html`<moot-answer .answerId=${screen.id}></moot-answer>`
      case 'models':
        return html`<moot-models></moot-models>`
      case 'model':
        return html`<moot-model .modelId=${screen.id}></moot-model>`
      case 'add':
        return html`<moot-add></moot-add>`
      case 'peers':
        return html`<moot-peers .asked=${this.route.charter}></moot-peers>`
      case 'disputes':
        return html`<moot-disputes></moot-disputes>`
      case 'dispute':
        return html`<moot-dispute .job=${screen.id}></moot-dispute>`
      case 'authority':
      case 'measure':
        return html`<moot-authority .measure=${screen.name === 'measure' ? screen.key : undefined}></moot-authority>`
      case 'case':
        return html`<moot-case .contest=${screen.id}></moot-case>`
      case 'charter':
        return html`<moot-charter></moot-charter>`
      case 'charter-text':
        return html`<moot-charter-text .charterId=${screen.id} .than=${screen.than}></moot-charter-text>`
      case 'amend':
        return html`<moot-amend></moot-amend>`
      case 'defaults':
        return html`<moot-defaults></moot-defaults>`
      case 'device':
        return html`<moot-device></moot-device>`
      case 'verify':
        return html`<moot-verify .check=${this.check}></moot-verify>`
      default:
        return screen satisfies never
    }
  }

  /** What is loaded only now arrives once it is here, if it is still what one waits for. */
  private bring(screen: Screen): void {
    if (this.screens.has(screen.name)) return
    void this.screens.load(screen.name).then(() => {
      if (this.route.screen === screen) void this.arrive()
    })
  }

  private readonly check: ReceiptChecker = (file) => this.peer.checkReceipt(file)

  private isAt(name: Screen['name']): boolean {
    return (PARENTS[this.route.screen.name] ?? this.route.screen.name) === name
  }

  private to(screen: Screen): string {
    return linkTo(this.peer.view.room, screen)
  }

  /** Puts the focus on the new screen's heading, as a page load would. */
  private async arrive(): Promise<void> {
    this.hasArrived = true
    await this.updateComplete
    const screen = this.renderRoot.querySelector('main > *')
    // What is still being loaded arrives by itself.
    if (!(screen instanceof LitElement)) return
    await screen.updateComplete
    // The heading of an answer is its verdict's.
    const verdict = screen.renderRoot.querySelector('moot-verdict')
    await verdict?.updateComplete
    scrollTo(0, 0)
    const within = verdict ?? screen
    within.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  private announce(answer: Answer): void {
    const words = [
      stateWords(answer),
      answer.dispute && disputeStep(answer.dispute),
      answer.case && isOpenCase(answer.case) && caseStep(answer.case),
    ]
      .filter(Boolean)
      .join('. ')
    if (this.states.get(answer.id) === words) return
    this.states.set(answer.id, words)
    this.said = words
  }
}

const offlineWords = (direct: number): unknown => {
  if (direct === 0) return html`Offline. Saved models still run; answers will say <em>one tab</em>.`
  const still = direct === 1 ? 'The connected tab still answers' : `The ${direct} connected tabs still answer`
  return `Offline. ${still}; saved models still run.`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-room': MootRoom
  }
}
