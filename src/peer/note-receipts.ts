import { hex } from '../domain/hash.ts'
import type { MessageOf, Read } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { dropOldest } from './drop-oldest.ts'
import type { RoomReceipt } from './view.ts'

/** Receipts of the room that are listed. */
const MAX_RECEIPTS = 50

/** As its requester announced it. */
type Announced = Omit<RoomReceipt, 'mayContest'>

/** How the room's jobs ended, as their requesters announced it. */
export class RoomReceipts {
  /** By author and job, the last one last: gossip may bring one again. */
  readonly #receipts = new Map<string, Announced>()

  /** Newest first. */
  list(): readonly Announced[] {
    return [...this.#receipts.values()].toReversed()
  }

  /** Takes note of one. False where it is known. */
  note({ author, message }: Read<MessageOf<'receipt'>>): boolean {
    const key = `${author} ${hex(message.job)}`
    if (this.#receipts.has(key)) return false
    const { model, state, claims, drawnFrom } = message
    const deciders = claims.map((claim) => claim.peer)
    this.#receipts.set(key, { job: hex(message.job), requester: author, model, state, deciders, drawnFrom })
    dropOldest(this.#receipts, MAX_RECEIPTS)
    return true
  }

  /** Whether two peers were parties to one job. */
  joined(a: PeerId, b: PeerId): boolean {
    return this.list().some(({ requester, deciders }) => {
      const parties = [requester, ...deciders]
      return parties.includes(a) && parties.includes(b)
    })
  }
}
