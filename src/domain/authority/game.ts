import { checkWeights, malformed, ROUNDING } from './checks.ts'

/** Bodies of one game. Their coalitions number 2^100, and their counts still fit a double. */
const MAX_BODIES = 100

/** Bodies whose coalitions can be gone through one by one: a million. */
const MAX_ENUMERATED = 20

/** Bodies times quota, past which a table of coalitions by weight takes more than a second. */
const MAX_CELLS = 1_048_576

/** Decimals that weights may have and still be counted in whole units. */
const MAX_DECIMALS = 6

/** A weighted game, ready for counting: a coalition wins where its weight reaches the quota. */
export type Game =
  /** Whole numbers. The quota is the lesser of the two with the same pivots. */
  | { readonly type: 'table'; readonly weights: readonly number[]; readonly quota: number }
  /** Any others, of 20 bodies at most. A coalition that lacks under 1e-12 of the whole has reached the quota. */
  | { readonly type: 'list'; readonly weights: readonly number[]; readonly quota: number }

/**
 * A game of 1 to 100 bodies with 0 < quota ≤ sum of the weights. Decimals, up to six of them, are counted in whole
 * units, as they were written down: 0.1 and 0.2 reach 0.3. Other fractions, and weights in units so fine that bodies ×
 * quota exceeds 2^20, are gone through coalition by coalition. Faults on anything else, and where the latter has more
 * than 20 bodies.
 */
export function gameOf(weights: readonly number[], quota: number): Game {
  if (weights.length > MAX_BODIES)
    throw malformed('list of weights', `it names ${weights.length} bodies, and the limit is ${MAX_BODIES}`)
  const total = checkWeights('list of weights', weights)
  if (!(quota > 0)) throw malformed('quota', 'with it nobody is needed')
  if (!(quota <= total * (1 + ROUNDING))) throw malformed('quota', 'all weights together do not reach it')
  const whole = inWholeUnits(weights, quota)
  if (whole && weights.length * whole.quota <= MAX_CELLS) return { type: 'table', ...whole }
  if (weights.length > MAX_ENUMERATED)
    throw malformed(
      'list of weights',
      'its units are too fine to count for so many bodies; round it to shares of 10,000',
    )
  return { type: 'list', weights, quota: quota - total * ROUNDING }
}

function inWholeUnits(weights: readonly number[], quota: number): Pick<Game, 'weights' | 'quota'> | undefined {
  let unit = 1
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++, unit *= 10) {
    if (!weights.every((weight) => isNearlyWhole(weight * unit))) continue
    const scaled = weights.map((weight) => Math.round(weight * unit))
    const total = scaled.reduce((all, weight) => all + weight, 0)
    if (!Number.isSafeInteger(total)) return undefined
    const least = Math.min(total, isNearlyWhole(quota * unit) ? Math.round(quota * unit) : Math.ceil(quota * unit))
    // Whoever is pivotal among those who win is so among those who can block, whose quota is what the others lack.
    return { weights: scaled, quota: Math.min(least, total - least + 1) }
  }
  return undefined
}

const isNearlyWhole = (value: number): boolean => Math.abs(value - Math.round(value)) <= ROUNDING * value

/** Called with each coalition without `body` that wins once it joins, by the number of the others in it. */
type OnPivot = (body: number, others: number) => void

/** Goes through all coalitions. Sums go by descending weight, so that equal bodies meet equal sums. */
export function eachPivot({ weights, quota }: Game, onPivot: OnPivot): void {
  const order = weights.map((_, body) => body).toSorted((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
  const n = order.length
  const sums = new Float64Array(1 << n)
  for (let coalition = 1; coalition < sums.length; coalition++) {
    const last = 31 - Math.clz32(coalition)
    sums[coalition] = (sums[coalition ^ (1 << last)] ?? 0) + (weights[order[last] ?? 0] ?? 0)
  }
  for (let coalition = 0; coalition < sums.length; coalition++) {
    if ((sums[coalition] ?? 0) >= quota) continue
    const others = sizeOf(coalition)
    for (let at = 0; at < n; at++) {
      const bit = 1 << at
      if ((coalition & bit) === 0 && (sums[coalition | bit] ?? 0) >= quota) onPivot(order[at] ?? 0, others)
    }
  }
}

function sizeOf(coalition: number): number {
  let size = 0
  for (let left = coalition; left !== 0; left &= left - 1) size++
  return size
}
