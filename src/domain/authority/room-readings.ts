import type { PeerId } from '../peer-id.ts'
import { banzhaf } from './power.ts'
import type { RoomFacts } from './recorded.ts'
import { sum } from './checks.ts'
import { read, unread, type Reading } from './readings.ts'
import { shapleyShubik } from './shapley.ts'

/** Trees that can be counted. */
const MOST_BODIES = 100
/** How far a share of the members may be off a whole number that it stands for. */
const ROUNDING = 1e-9

/** What depends on members and trees alone: it takes long to count, and they seldom change. */
export interface RoomReadings {
  readonly power: Reading
  /** Members of the largest tree. */
  readonly largestTree: number
}

export function roomReadings(
  members: readonly PeerId[],
  { trees, ratifyShare }: Pick<RoomFacts, 'trees' | 'ratifyShare'>,
): RoomReadings {
  const sizes = new Map<PeerId, number>()
  for (const member of members) {
    const tree = trees.get(member) ?? member
    sizes.set(tree, (sizes.get(tree) ?? 0) + 1)
  }
  const introduced = [...new Set(trees.values())].map((tree) => sizes.get(tree) ?? 0)
  return {
    power: powerOf([...sizes.values()], ratifyShare),
    largestTree: introduced.reduce((most, size) => Math.max(most, size), 0),
  }
}

/**
 * Of all coalitions that one more introducer tree turns into a ratifying one, the share of the tree that turns the most. A tree votes with all its
 * members, and whoever belongs to none by himself.
 */
function powerOf(sizes: readonly number[], ratifyShare: number): Reading {
  const n = sizes.length
  if (n === 0) return unread('Nobody goes by this charter yet', 0)
  if (n > MOST_BODIES) return unread(`Too many trees (${n}) to count their coalitions: ${MOST_BODIES} at most`, n)
  // By size: bodies of one size have one power, and sums have the same bits whoever is who.
  const weights = sizes.toSorted((a, b) => b - a)
  const quota = Math.max(1, Math.ceil(ratifyShare * sum(sizes) - ROUNDING))
  return read(banzhaf(weights, quota)[0] ?? 0, n, {
    beside: { name: 'of all orders of joining', value: shapleyShubik(weights, quota)[0] ?? 0 },
  })
}
