import { eachPivot, gameOf, type Game } from './game.ts'

/**
 * How many winning coalitions each body is critical in: without it they lose (Penrose 1946, Banzhaf 1965). A coalition
 * wins with a weight of at least `quota`. Counted exactly, then given as the nearest double: exact up to 53 bodies. Who
 * has no weight has none. Faults as `gameOf` does: 1 to 100 bodies, 0 < quota ≤ sum.
 */
export const swings = (weights: readonly number[], quota: number): number[] =>
  exactSwings(gameOf(weights, quota)).map(Number)

/**
 * Each body's part of all swings, 0 to 1, and 1 in sum: the normalised Banzhaf index (Banzhaf 1965; Brams & Affuso 1976
 * for the counting). Right to the last bits for up to 100 bodies. Faults as `swings` does.
 */
export function banzhaf(weights: readonly number[], quota: number): number[] {
  const counts = exactSwings(gameOf(weights, quota))
  const total = Number(counts.reduce((all, count) => all + count, 0n))
  return counts.map((count) => Number(count) / total)
}

const exactSwings = (game: Game): bigint[] => (game.type === 'table' ? countedByWeight(game) : countedOneByOne(game))

function countedOneByOne(game: Game): bigint[] {
  const counts = game.weights.map(() => 0)
  eachPivot(game, (body) => (counts[body] = (counts[body] ?? 0) + 1))
  return counts.map(BigInt)
}

/**
 * From how many coalitions there are of each weight under the quota, and for each body how many of them do without it.
 */
function countedByWeight({ weights, quota }: Game): bigint[] {
  const all: bigint[] = Array.from({ length: quota }, (_, weight) => (weight === 0 ? 1n : 0n))
  for (const weight of weights)
    for (let at = quota - 1; at >= weight; at--) all[at] = (all[at] ?? 0n) + (all[at - weight] ?? 0n)
  const counts = new Map<number, bigint>([[0, 0n]])
  return weights.map((weight) => {
    const count = counts.get(weight) ?? pivotsOf(weight, all)
    counts.set(weight, count)
    return count
  })
}

function pivotsOf(weight: number, all: readonly bigint[]): bigint {
  const without = all.slice()
  for (let at = weight; at < without.length; at++) without[at] = (without[at] ?? 0n) - (without[at - weight] ?? 0n)
  return without.slice(-weight).reduce((total, count) => total + count, 0n)
}
