import type { PeerId } from '../../domain/peer-id.ts'

/** What peers wait for: each in its turn, and of each in the order in which it came. */
export class Turns<T> {
  /** In the order of turns: a map iterates in order of insertion. */
  readonly #waiting = new Map<PeerId, T[]>()

  add(peer: PeerId, item: T): void {
    const items = this.#waiting.get(peer)
    if (items === undefined) this.#waiting.set(peer, [item])
    else items.push(item)
  }

  /** The next item of the peer whose turn it is among those that may have one. */
  take(may: (peer: PeerId) => boolean): T | undefined {
    for (const [peer, [item, ...rest]] of this.#waiting) {
      if (item === undefined || !may(peer)) continue
      this.#waiting.delete(peer)
      if (rest.length > 0) this.#waiting.set(peer, rest)
      return item
    }
    return undefined
  }

  /** Lets go of a peer's items that are no longer waited for. */
  drop(peer: PeerId, isDropped: (item: T) => boolean): void {
    const left = this.#waiting.get(peer)?.filter((item) => !isDropped(item)) ?? []
    if (left.length > 0) this.#waiting.set(peer, left)
    else this.#waiting.delete(peer)
  }
}
