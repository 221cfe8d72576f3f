import { equalBytes, hex } from '../bytes.ts'
import type { Turns } from '../charter/members.ts'
import { refsOf } from '../ledger/causal-order.ts'
import type { Grade, ReadEntry } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'

/** Words on what they go by, of all peers together, that are followed through the links: two of each log that a room holds. */
const MAX_TURNS = 8_192

/** Which turns lie before or at an entry: a bit for each. */
type Known = Uint32Array

/**
 * Who had signed what when something was decided, as far as whoever wrote it down could know: what lies before an entry in the graph of links. A
 * signature that does not lie before it is none, whenever it was made.
 */
export class KnownTurns {
  #turns: Turns = new Map()
  #bits = new Map<string, number>()
  readonly #known = new Map<string, Known>()

  /** Everything in causal order, of which the first `same` are as they were. */
  follow(order: readonly ReadEntry[], turns: Turns, same: number): void {
    const before = this.#bits
    this.#turns = turns
    this.#bits = bitsOf(turns, before)
    const isGrown = [...before].every(([name, bit]) => this.#bits.get(name) === bit)
    if (!isGrown) this.#known.clear()
    for (let at = isGrown ? same : 0; at < order.length; at++) {
      const read = order[at]
      if (read !== undefined) this.#known.set(read.name, this.#before(read))
    }
  }

  /** How a peer stood to a charter by what lies before an entry. */
  consent(read: ReadEntry, peer: PeerId, charter: Uint8Array): Grade | 'none' {
    const known = this.#known.get(read.name)
    const own = this.#turns.get(peer)
    if (known === undefined || own === undefined) return 'none'
    for (let i = own.length - 1; i >= 0; i--) {
      const turn = own[i]
      const bit = turn === undefined ? undefined : this.#bits.get(turn.read.name)
      if (bit === undefined || ((known[bit >> 5] ?? 0) & (1 << (bit & 31))) === 0) continue
      return turn?.signs && equalBytes(turn.signs.charter, charter) ? turn.signs.grade : 'none'
    }
    return 'none'
  }

  #before(read: ReadEntry): Known {
    const { entry } = read
    let known = (entry.prev && this.#known.get(hex(entry.prev))) ?? NOTHING
    for (const name of refsOf(read)) {
      const other = this.#known.get(name) ?? NOTHING
      if (other === known || holdsAll(known, other)) continue
      known = holdsAll(other, known) ? other : union(known, other)
    }
    const bit = this.#bits.get(read.name)
    return bit === undefined ? known : union(known, bitOf(bit))
  }
}

const NOTHING: Known = new Uint32Array(0)

function bitOf(bit: number): Known {
  const known = new Uint32Array((bit >> 5) + 1)
  known[bit >> 5] = 1 << (bit & 31)
  return known
}

function holdsAll(all: Known, some: Known): boolean {
  for (let i = 0; i < some.length; i++) if (((some[i] ?? 0) & ~(all[i] ?? 0)) !== 0) return false
  return true
}

function union(a: Known, b: Known): Known {
  const all = new Uint32Array(Math.max(a.length, b.length))
  for (let i = 0; i < all.length; i++) all[i] = (a[i] ?? 0) | (b[i] ?? 0)
  return all
}

/** Bits for turns: those that have one keep it. Where there are too many, each peer's first come first, by name. */
function bitsOf(turns: Turns, before: ReadonlyMap<string, number>): Map<string, number> {
  const all = [...turns.values()].flatMap((own) => own.map(({ read }, place) => ({ name: read.name, place })))
  if (all.length > MAX_TURNS) {
    const first = all.toSorted((a, b) => a.place - b.place).slice(0, MAX_TURNS)
    return new Map(first.map(({ name }, bit) => [name, bit]))
  }
  const names = new Set(all.map(({ name }) => name))
  if (![...before.keys()].every((name) => names.has(name))) return new Map([...names].map((name, bit) => [name, bit]))
  const bits = new Map(before)
  for (const name of names) if (!bits.has(name)) bits.set(name, bits.size)
  return bits
}
