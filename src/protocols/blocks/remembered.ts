import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_REMEMBERED } from './constants.ts'

/** The peers of which something was learnt last, for as long as the tab lives. */
export class Remembered {
  /** When, by the clock of whoever remembers. */
  readonly #peers = new Map<PeerId, number>()

  has(peer: PeerId): boolean {
    return this.#peers.has(peer)
  }

  at(peer: PeerId): number | undefined {
    return this.#peers.get(peer)
  }

  add(peer: PeerId, at = 0): void {
    this.#peers.delete(peer)
    this.#peers.set(peer, at)
    const [first] = this.#peers.keys()
    if (this.#peers.size > MAX_REMEMBERED && first !== undefined) this.#peers.delete(first)
  }

  delete(peer: PeerId): void {
    this.#peers.delete(peer)
  }
}
