import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_LIARS } from './constants.ts'

/** Those who were caught lying last, for as long as the tab lives. */
export class Liars {
  readonly #peers = new Set<PeerId>()

  has(peer: PeerId): boolean {
    return this.#peers.has(peer)
  }

  add(peer: PeerId): void {
    this.#peers.add(peer)
    const [first] = this.#peers
    if (this.#peers.size > MAX_LIARS && first !== undefined) this.#peers.delete(first)
  }
}
