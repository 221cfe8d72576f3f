import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { styles } from './moot-trust.styles.ts'
import { faultNote } from './notes.ts'
import { stoneMark } from './stone-mark.ts'
import { percent } from './words.ts'

/** Keys and trees listed. */
const MOST_SHOWN = 64
/** Ends of a key that are shown: a name can be had by chance, a whole key cannot. */
const KEY_SHOWN = 6

/** Whom one knows here: whose key one vouches for, who vouches for one's own, and how far one's trust reaches. */
@customElement('moot-trust')
export class MootTrust extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  private readonly signing = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { peers } = this.peer.view
    const { vouched, vouchedBy, trees, weights } = this.peer.governance.view.trust
    const here = peers.filter(({ blocked }) => !blocked).map(({ id }) => id)
    const keys = [...new Set([...vouched, ...vouchedBy, ...here, ...weights.map(({ peer }) => peer)])]
    return html`<h2>Who vouches for whom</h2>
      <p>
        Vouching says you know whose key it is; it is public and signed. Juries are drawn along these lines, and trust
        does not reach whom nobody vouches for.
      </p>
      ${faultNote(this.signing.fault)}
      ${
        keys.length === 0
          ? html`<p class="soft">Nobody else is here yet.</p>`
          : html`<ul class="keys">
              ${keys.slice(0, MOST_SHOWN).map((peer) => this.renderKey(peer))}
            </ul>`
      }
      ${keys.length > MOST_SHOWN ? html`<p class="small soft">and ${keys.length - MOST_SHOWN} more keys</p>` : nothing}
      <h3>Introducer trees</h3>
      ${
        trees.length === 0
          ? html`<p class="soft">Nobody has been let in by anybody yet.</p>`
          : html`<ul class="trees">
              ${trees.slice(0, MOST_SHOWN).map(
                ({ root, members }) =>
                  html`<li title=${root}>
                    ${stoneMark(root)}<span>${this.name(root)}</span>
                    <span class="small soft">${members === 1 ? 'nobody beside itself' : `${members} keys in all`}</span>
                  </li>`,
              )}
            </ul>`
      }
      <p class="small soft">
        A tree is one introducer and all whom it let in. A charter says how many seats of a jury one tree may have.
      </p>`
  }

  private renderKey(peer: PeerId): TemplateResult {
    const { vouched, vouchedBy, weights } = this.peer.governance.view.trust
    const mine = vouched.includes(peer)
    const known = weights.find((each) => each.peer === peer)
    const tree = known?.tree
    const said = [
      mine && 'you vouch for it',
      vouchedBy.includes(peer) && 'vouches for you',
      tree && (tree === peer ? 'an introducer' : `let in by ${nicknameOf(tree)}`),
    ].filter(Boolean)
    const weight = known?.weight ?? 0
    return html`<li>
      ${stoneMark(peer, '1.8em')}
      <div>
        <span title=${peer}
          ><strong>${nicknameOf(peer)}</strong> <code class="soft">${peer.slice(-KEY_SHOWN)}</code></span
        >
        <span class="small soft"
          >${said.length > 0 ? said.join(' · ') : 'nobody whom your trust reaches vouches for it'}</span
        >
        <span class="weight small"
          ><span class="bar" aria-hidden="true"><i style=${`inline-size:${(weight * 100).toFixed(1)}%`}></i></span
          >${weight === 0 ? 'none of your trust' : `${weight < 0.01 ? 'under 1 %' : percent(weight)} of your trust`}</span
        >
      </div>
      <button
        class="slim"
        aria-label=${`${mine ? 'Take back your vouch for' : 'Vouch for'} ${nicknameOf(peer)}`}
        ?disabled=${this.signing.pending}
        @click=${() => this.signing.run(() => this.peer.governance.vouch(peer, !mine))}
      >
        ${icon(mine ? 'undo' : 'holds')}${mine ? 'Take back' : 'Vouch'}
      </button>
    </li>`
  }

  private name(peer: PeerId): string {
    return peer === this.peer.id ? 'you' : nicknameOf(peer)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-trust': MootTrust
  }
}
