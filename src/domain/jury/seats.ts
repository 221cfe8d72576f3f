import type { PeerId } from '../peer-id.ts'
import type { Candidate } from './draw.ts'

export interface SeatRules {
  readonly size: number
  /** Seats for each introducer tree at most, as either side sees them. */
  readonly cap: number
  /** Who comes only when nobody else is left: those who sat much lately. */
  readonly passedOver?: ReadonlySet<PeerId>
}

export interface Seating<T> {
  /** Who holds a seat, in the order in which they were asked. */
  readonly held: readonly T[]
  /** All who were asked, at most twice as many as there are seats. Past the first `size` they are replacements. */
  readonly asked: readonly T[]
}

/**
 * Who sits: the first in the drawn order whose trees have a seat left. Who `leaves` is replaced by the next that fits, until so many were
 * asked in vain as there are seats. `leaves` is asked of all that hold a seat, and again once others have taken the places.
 */
export function seatsOf<T extends Candidate>(
  order: readonly T[],
  { size, cap, passedOver = new Set() }: SeatRules,
  leaves: (held: readonly T[]) => readonly T[],
): Seating<T> {
  const inTurn = [
    ...order.filter(({ peer }) => !passedOver.has(peer)),
    ...order.filter(({ peer }) => passedOver.has(peer)),
  ]
  const asked: T[] = []
  let held: readonly T[] = []
  for (;;) {
    for (const one of inTurn) {
      if (held.length >= size || asked.length >= 2 * size) break
      if (asked.includes(one) || !fits(one, held, cap)) continue
      asked.push(one)
      held = [...held, one]
    }
    const left = leaves(held)
    if (left.length === 0) return { held, asked }
    held = held.filter((one) => !left.includes(one))
  }
}

const fits = (one: Candidate, held: readonly Candidate[], cap: number): boolean =>
  one.trees.every((tree, side) => held.filter((other) => other.trees[side] === tree).length < cap)

/** How many of some candidates can sit together at most, counted for each side by itself. */
export function capacityOf(candidates: readonly Pick<Candidate, 'trees'>[], cap: number): number {
  const sides = Math.max(0, ...candidates.map(({ trees }) => trees.length))
  let least = candidates.length
  for (let side = 0; side < sides; side++) {
    const counts = new Map<PeerId | undefined, number>()
    for (const { trees } of candidates) counts.set(trees[side], (counts.get(trees[side]) ?? 0) + 1)
    let seats = 0
    for (const count of counts.values()) seats += Math.min(cap, count)
    least = Math.min(least, seats)
  }
  return least
}
