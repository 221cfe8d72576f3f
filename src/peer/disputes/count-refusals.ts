import type { Fault } from '../../domain/fault.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Refusal } from '../dispute-view.ts'
import { dropOldest } from '../drop-oldest.ts'

/** Keys of which it is remembered what was refused of them. */
const MAX_REFUSED = 64

/** What was refused of whom: the reason of the last time, and how often. The record says who. */
export class Refusals {
  readonly #refused = new Map<PeerId, Refusal>()

  /** The latest last. */
  list(): readonly Refusal[] {
    return [...this.#refused.values()]
  }

  note(peer: PeerId, fault: Fault): void {
    // Gossip brings again what was told: nobody is to blame.
    if (fault.code === 'REPLAYED') return
    const times = (this.#refused.get(peer)?.times ?? 0) + 1
    this.#refused.delete(peer)
    this.#refused.set(peer, { peer, nickname: nicknameOf(peer), fault, times })
    dropOldest(this.#refused, MAX_REFUSED)
  }
}
