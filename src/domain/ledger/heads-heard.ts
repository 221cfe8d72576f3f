import type { PeerId } from '../peer-id.ts'
import { MAX_LOGS } from './limits.ts'

/** Of which logs more was heard than is held. */
export class HeadsHeard {
  readonly #signed = new Map<PeerId, number>()
  readonly #claimed = new Map<PeerId, ReadonlyMap<PeerId, number>>()

  /** Somebody signed this entry of a log. */
  signed(author: PeerId, seq: number): void {
    if (!this.#signed.has(author) && this.#signed.size >= MAX_LOGS) return
    if (seq > (this.#signed.get(author) ?? -1)) this.#signed.set(author, seq)
  }

  /** What a linked peer says it holds, unproven: counted until it says otherwise, or nothing any more. */
  claims(peer: PeerId, heads: ReadonlyMap<PeerId, number> | undefined): void {
    if (heads === undefined) this.#claimed.delete(peer)
    else this.#claimed.set(peer, new Map([...heads].slice(0, MAX_LOGS)))
  }

  /** The last entry of each log that was heard of. */
  last(): ReadonlyMap<PeerId, number> {
    const last = new Map(this.#signed)
    for (const heads of this.#claimed.values())
      for (const [author, seq] of heads) last.set(author, Math.max(seq, last.get(author) ?? -1))
    return last
  }
}
