import type { Charter } from '../../domain/charter/charter.ts'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import { isEntry, type BodyOf, type EntryType, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { keyFromPeerId, type PeerId } from '../../domain/peer-id.ts'
import { pageRank } from '../../domain/trust/page-rank.ts'
import { treesSeenBy, trustAt, type Trust } from '../../domain/trust/trust.ts'
import { vouchedBy } from '../../domain/trust/vouches.ts'
import type { TrustView } from '../governance-view.ts'
import { NO_RECORDS, type Standpoint } from './standpoint.ts'

/** Peers whose weight is shown. */
const SHOWN_WEIGHTS = 64

/** Entries that change who trusts, or goes by, what; all others leave that as it is. */
const MOVING: ReadonlySet<EntryType> = new Set(['VOUCH', 'REVOKE', 'CONSENT', 'FORK', 'EXIT', 'FORKED_LOG'])

export interface TrustComponents {
  readonly self: PeerId
  readonly charter: Charter
  readonly ledger: LedgerView
  readonly append: <T extends EntryType>(type: T, body: BodyOf<T>) => Promise<ReadEntry<T>>
  /** Has this peer's newest entry reach what is held: an OFFER names it. */
  readonly checkpoint: () => Promise<unknown>
}

/** By all that is held. */
interface Now {
  readonly trust: Trust
  readonly point: Standpoint
}

/** Who relies on whom, as this peer sees it: by all that it holds, and by what lies before its own newest entry. */
export class RoomTrust {
  readonly #components: TrustComponents
  #now: Now | undefined
  /** What lies before the head, which every later head of this log reaches too. */
  #asked: Standpoint | undefined
  /** Something moved that no entry of this peer's own reaches. */
  #isBehind = false

  constructor(components: TrustComponents) {
    this.#components = components
  }

  changed(reads: readonly ReadEntry[]): void {
    // Nothing is named where the ledger was read anew, or cut.
    if (reads.length > 0 && !reads.some(({ entry }) => MOVING.has(entry.type))) return
    this.#now = undefined
    this.#isBehind = true
  }

  /** By all that is held. */
  now(): Standpoint {
    return this.#look().point
  }

  /** What an OFFER goes out under: the head of this log, and what lies before it, so that anybody can work it out again. */
  async standpoint(): Promise<Standpoint> {
    const { ledger, self, checkpoint } = this.#components
    if (ledger.head(self) === undefined) return NO_RECORDS
    if (this.#isBehind) {
      this.#isBehind = false
      this.#asked = undefined
      // One that cannot be written leaves the head where it is: what lies before that counts.
      await checkpoint().catch(() => {})
    }
    const head = ledger.head(self)?.id
    const past = head && ledger.past([head])
    if (head === undefined || past === undefined) return NO_RECORDS
    this.#asked ??= this.#pointOf(trustAt(ledger, past, this.#components.charter))
    return { ...this.#asked, head }
  }

  /** Rejects with `MALFORMED` for this key itself. */
  async vouch(peer: PeerId, vouched: boolean): Promise<void> {
    const { self, append } = this.#components
    if (peer === self) throw fault({ code: 'MALFORMED', what: 'vouch', why: 'it is for this key itself' })
    const live = this.#liveVouches(peer)
    if (vouched && live.length === 0) await append('VOUCH', { peer: keyFromPeerId(peer) })
    if (!vouched) for (const { id } of live) await append('REVOKE', { vouch: id })
  }

  look(): TrustView {
    const { self } = this.#components
    const { trust, point } = this.#look()
    const sizes = new Map<PeerId, number>()
    for (const root of point.trees.values()) sizes.set(root, (sizes.get(root) ?? 0) + 1)
    const others = trust.graph.members.filter((peer) => peer !== self)
    return {
      vouched: vouchedBy(trust.graph, self),
      vouchedBy: others.filter((peer) => vouchedBy(trust.graph, peer).includes(self)),
      trees: [...sizes].map(([root, members]) => ({ root, members })).toSorted((a, b) => b.members - a.members),
      weights: [...point.trust]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, SHOWN_WEIGHTS)
        .map(([peer, weight]) => {
          const tree = point.trees.get(peer)
          return { peer, weight, ...(tree === undefined ? {} : { tree }) }
        }),
    }
  }

  #look(): Now {
    const trust = this.#now?.trust ?? trustAt(this.#components.ledger, undefined, this.#components.charter)
    this.#now ??= { trust, point: this.#pointOf(trust) }
    return this.#now
  }

  #pointOf(trust: Trust): Standpoint {
    const { self, charter } = this.#components
    const { graph } = trust
    const weights = graph.index.has(self) ? pageRank(graph, [self], charter.jury.alpha) : new Map<PeerId, number>()
    return {
      trees: treesSeenBy(trust, [self]),
      trust: new Map([...weights].filter(([peer, weight]) => peer !== self && weight > 0)),
    }
  }

  /** Vouches for a peer that this one has not taken back. */
  #liveVouches(peer: PeerId): readonly ReadEntry<'VOUCH'>[] {
    const { ledger, self } = this.#components
    const own = ledger.log(self)
    const key = hex(keyFromPeerId(peer))
    const revoked = new Set(own.flatMap((read) => (isEntry('REVOKE', read) ? [hex(read.entry.body.vouch)] : [])))
    return own.flatMap((read) =>
      isEntry('VOUCH', read) && hex(read.entry.body.peer) === key && !revoked.has(read.name) ? [read] : [],
    )
  }
}
