import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import type { Peer, PeerSummary } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { engineMark } from './engine-mark.ts'
import { icon } from './icons.ts'
import { styles } from './moot-peer-table.styles.ts'
import { stoneMark } from './stone-mark.ts'
import { table } from './table.styles.ts'
import { cut, engineName, milliseconds } from './words.ts'

const PATHS: Readonly<Record<PeerSummary['path'], string>> = {
  direct: 'direct',
  relay: 'relay',
  none: 'not linked',
}

/** Every peer of the room: how it is reached, what it computes with, and the way to ignore it. */
@customElement('moot-peer-table')
export class MootPeerTable extends LitElement {
  static override readonly styles = [base, controls, table, styles]

  @consume({ context: peerContext }) peer!: Peer

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { peers, disputes } = this.peer.view
    // By what was settled here: nobody goes by another's word.
    const fell = new Set(disputes.flatMap(({ heard, losers }) => (heard ? [] : losers.map(({ peer }) => peer))))
    return html`<table>
      <caption class="unseen">
        Peers
      </caption>
      <thead>
        <tr>
          <th scope="col">Tab</th>
          <th scope="col">Path</th>
          <th scope="col">Engine</th>
          <th scope="col">Speed</th>
          <th scope="col">Load</th>
          <th scope="col"><span class="unseen">Block</span></th>
        </tr>
      </thead>
      <tbody>
        ${peers.map((peer) => this.renderPeer(peer, fell.has(peer.id)))}
      </tbody>
    </table>`
  }

  private renderPeer(peer: PeerSummary, fell: boolean): TemplateResult {
    const state = peer.blocked ? 'blocked here' : peer.watching ? 'watching' : peer.paused ? 'paused' : undefined
    return html`<tr class=${peer.blocked ? 'blocked' : ''}>
      <th scope="row">
        <span class="who" title=${peer.id}
          >${stoneMark(peer.id)}${peer.nickname}${state ? html`<span class="small soft">${state}</span>` : nothing}${fell ? html`<span class="small soft">did not stand in a dispute</span>` : nothing}</span
        >
      </th>
      <td data-of="Path">
        <span class=${`path ${peer.path}`}><i aria-hidden="true"></i>${PATHS[peer.path]}</span>
      </td>
      <td class="wide" data-of="Engine">${engineOf(peer)}</td>
      <td data-of="Speed">${peer.speedMs === undefined ? 'not yet' : milliseconds(peer.speedMs)}</td>
      <td data-of="Load">${peer.load === 0 ? 'idle' : `${peer.load} under way`}</td>
      <td class="action">
        <button
          class="slim"
          aria-label=${`${peer.blocked ? 'Unblock' : 'Block'} ${peer.nickname}`}
          @click=${() => this.peer.block(peer.id, !peer.blocked)}
        >
          ${icon('block')}${peer.blocked ? 'Unblock' : 'Block'}
        </button>
      </td>
    </tr>`
  }
}

function engineOf({ engine, adapter, build }: PeerSummary): TemplateResult | string {
  if (engine === 'none') return 'none'
  const detail = adapter ?? build
  return html`<span
    >${engineMark(engine)} ${engineName(engine)}
    <span class="small soft" title=${`${adapter ?? ''} ${build}`.trim()}>${cut(detail, 32)}</span></span
  >`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-peer-table': MootPeerTable
  }
}
