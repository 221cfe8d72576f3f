import { html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { PeerSummary, PeerView } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { styles } from './moot-peer-ring.styles.ts'
import { stonePath } from './stone.ts'

/** Stones drawn; the table has all. */
const SHOWN = 24
const RING = 96

/**
 * The room as a ring of stones with this tab in the middle: a line for a direct path, dashes for a relayed one, none
 * for a peer known from its presence alone. Decoration: the table beside it says the same.
 */
@customElement('moot-peer-ring')
export class MootPeerRing extends LitElement {
  static override readonly styles = [base, styles]

  @property({ attribute: false }) view!: PeerView

  override render(): TemplateResult {
    const peers = this.view.peers.filter((peer) => !peer.blocked).slice(0, SHOWN)
    const radius = peers.length > 12 ? 9 : 14
    return html`<svg aria-hidden="true" viewBox="-150 -134 300 268">
      <circle r=${RING}></circle>
      ${peers.map((peer, i) => drawPeer(peer, i, peers.length, radius))}
      <path class="me" d=${stonePath(this.view.id, 19)}></path>
      <text y="34">you, ${this.view.nickname}</text>
    </svg>`
  }
}

function drawPeer(peer: PeerSummary, i: number, count: number, radius: number): SVGTemplateResult {
  const angle = (i / count) * 2 * Math.PI - Math.PI / 2
  const [x, y] = [Math.cos(angle) * RING, Math.sin(angle) * RING]
  const still = peer.engine === 'none' || peer.paused || peer.watching
  const half = radius * 0.32
  const mark =
    peer.engine === 'gpu'
      ? `M0 ${-half * 1.3}L${half * 1.3} 0 0 ${half * 1.3} ${-half * 1.3} 0z`
      : `M${-half} ${-half}h${half * 2}v${half * 2}h${-half * 2}z`
  return svg`<g>
    ${peer.path === 'none' ? '' : svg`<line class=${peer.path} x1=${x * 0.22} y1=${y * 0.22} x2=${x * 0.82} y2=${y * 0.82}></line>`}
    <g transform=${`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <path class=${still ? 'still' : peer.engine} d=${stonePath(peer.id, radius)}></path>
      ${still ? '' : svg`<path class="engine" d=${mark}></path>`}
      ${count > 12 ? '' : svg`<text y=${y < -RING / 2 ? -radius - 8 : radius + 14}>${peer.nickname}</text>`}
    </g>
  </g>`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-peer-ring': MootPeerRing
  }
}
