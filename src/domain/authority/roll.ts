import type { PeerId } from '../peer-id.ts'

/** Numbers for names, so that tallies are arrays. Which number a name has depends on who came first: nothing that is shown may. */
export class Roll {
  readonly #numbers = new Map<PeerId, number>()
  readonly #names: PeerId[] = []

  get size(): number {
    return this.#names.length
  }

  /** Gives a new name the next number. */
  numberOf(name: PeerId): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }

  find(name: PeerId): number | undefined {
    return this.#numbers.get(name)
  }

  nameOf(number: number): PeerId {
    return this.#names[number] ?? ''
  }

  /** Numbers in the order of their names. */
  inOrder(numbers: Iterable<number>): number[] {
    return [...numbers].sort((a, b) => (this.nameOf(a) < this.nameOf(b) ? -1 : 1))
  }
}
