import type { PeerId } from '../../domain/peer-id.ts'
import { EXPIRY, MAX_PEERS } from './constants.ts'
import type { Announcement } from './messages.ts'

/** A peer of the room, by its own last word. */
export interface PresentPeer extends Omit<Announcement, 'kind' | 'room' | 'hello' | 'leaving'> {
  readonly peer: PeerId
  /** By this peer's clock. */
  readonly firstSeen: number
  readonly lastSeen: number
}

/** Who is in the room. Bounded: a newcomer to a full table takes the place of whoever was not heard of for longest, links apart. */
export class PresenceTable {
  readonly #present = new Map<PeerId, PresentPeer>()
  /** The last `seq` of peers that left, oldest first. */
  readonly #left = new Map<PeerId, number>()

  list(): readonly PresentPeer[] {
    return [...this.#present.values()]
  }

  get(peer: PeerId): PresentPeer | undefined {
    return this.#present.get(peer)
  }

  /** Whether an announcement says anything new of its author. */
  isNews(peer: PeerId, seq: number): boolean {
    return seq > (this.#present.get(peer)?.seq ?? this.#left.get(peer) ?? -1)
  }

  /** Takes an announcement in. Undefined where the table is full of peers with links. */
  heard(peer: PeerId, said: Announcement, now: number): PresentPeer | undefined {
    const known = this.#present.get(peer)
    if (!known && this.#present.size >= MAX_PEERS) return undefined
    const { kind: _kind, room: _room, hello: _hello, leaving: _leaving, ...rest } = said
    const present = { ...rest, peer, firstSeen: known?.firstSeen ?? now, lastSeen: now }
    this.#left.delete(peer)
    this.#present.set(peer, present)
    return present
  }

  /** Makes room in a full table for one more: gives who has to go, if anybody without a link is there. */
  makeRoom(linked: ReadonlySet<PeerId>): PeerId | undefined {
    if (this.#present.size < MAX_PEERS) return undefined
    const unlinked = this.list().filter(({ peer }) => !linked.has(peer))
    const oldest = Math.min(...unlinked.map(({ lastSeen }) => lastSeen))
    const gone = unlinked.find(({ lastSeen }) => lastSeen === oldest)?.peer
    if (gone !== undefined) this.remove(gone)
    return gone
  }

  /** Removes a peer and remembers what it last said. False where it was not there. */
  remove(peer: PeerId, seq = this.#present.get(peer)?.seq ?? 0): boolean {
    this.#left.delete(peer)
    this.#left.set(peer, Math.max(seq, this.#present.get(peer)?.seq ?? 0))
    const [oldest] = this.#left.keys()
    if (this.#left.size > MAX_PEERS && oldest !== undefined) this.#left.delete(oldest)
    return this.#present.delete(peer)
  }

  /** Peers not heard of for too long, but for those we hold a link with. */
  expired(now: number, linked: ReadonlySet<PeerId>): readonly PeerId[] {
    return this.list()
      .filter(({ peer, lastSeen }) => now - lastSeen > EXPIRY && !linked.has(peer))
      .map(({ peer }) => peer)
  }
}
