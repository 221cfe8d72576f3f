import { html, LitElement, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { encode } from 'uqr'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import './moot-copy.ts'
import { styles } from './moot-invite.styles.ts'
import { inviteTo } from './route.ts'
import { foreign, SHIPPED_CHARTER } from './shipped-charter.ts'

/** A way in for others: the room's address as a code to point a phone at, and as a link. */
@customElement('moot-invite')
export class MootInvite extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property() room = ''
  /** CID of the charter that whoever comes is to go by. */
  @property({ attribute: false }) charter = SHIPPED_CHARTER

  override render(): TemplateResult {
    const address = inviteTo(this.room, location, foreign(this.charter))
    const { size, data } = encode(address, { border: 2 })
    const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
    return html`${svg`<svg role="img" aria-label="Code that opens this room" viewBox=${`0 0 ${size} ${size}`} shape-rendering="crispEdges"><path d=${path} fill="black"/></svg>`}
      <div>
        <a href=${address}>${address}</a>
        <moot-copy label="Copy invite" .text=${address}></moot-copy>
      </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-invite': MootInvite
  }
}
