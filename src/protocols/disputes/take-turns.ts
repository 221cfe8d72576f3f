import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_ANSWERING, MAX_ANSWERING_OF_PEER, MAX_STREAMS } from './constants.ts'

interface Share {
  taken: number
  readonly waiting: (() => void)[]
}

/** Who is answered at a time. A peer past its share waits for its own turns to end, and takes nobody else's. */
export class Turns {
  readonly #shares = new Map<PeerId, Share>()
  #taken = 0

  /** Resolves once it is the peer's turn, which is given back with `leave`; with false where there is no room. */
  async take(peer: PeerId): Promise<boolean> {
    const share = this.#shares.get(peer) ?? { taken: 0, waiting: [] }
    if (share.waiting.length >= MAX_STREAMS) return false
    if (share.taken >= MAX_ANSWERING_OF_PEER) {
      // Whoever leaves hands its turn on.
      await new Promise<void>((resolve) => share.waiting.push(resolve))
      return true
    }
    if (this.#taken >= MAX_ANSWERING) return false
    this.#taken++
    share.taken++
    this.#shares.set(peer, share)
    return true
  }

  leave(peer: PeerId): void {
    const share = this.#shares.get(peer)
    if (share === undefined) return
    const next = share.waiting.shift()
    if (next) return next()
    this.#taken--
    share.taken--
    if (share.taken === 0) this.#shares.delete(peer)
  }
}
