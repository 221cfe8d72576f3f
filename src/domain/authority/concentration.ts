import {
  checkCount,
  checkCounts,
  checkFraction,
  checkAmount,
  checkWeights,
  malformed,
  ROUNDING,
  sum,
} from './checks.ts'
import { entropyOf } from './effective-numbers.ts'

/**
 * The Gini coefficient: half the mean difference of two values over their mean (Gini 1912). 0 where all are equal, up
 * to (n−1)/n where one has all; `unbiased` multiplies by n/(n−1), and reaches 1 (Deltas 2003). Faults as
 * `effectiveNumber` does, and on one value alone where `unbiased`.
 */
export function gini(values: readonly number[], { unbiased }: { unbiased: boolean }): number {
  const total = checkWeights('list of values', values)
  const n = values.length
  if (unbiased && n < 2) throw malformed('list of values', 'one value has no unbiased Gini coefficient')
  const ascending = values.toSorted((a, b) => a - b)
  const biased = Math.max(0, sum(ascending.map((value, i) => (2 * i + 1 - n) * (value / total))) / n)
  return unbiased ? (biased * n) / (n - 1) : biased
}

/**
 * The least number of holders whose share of the whole exceeds `threshold` (Srinivasan & Lee 2017). 1 to n. A share
 * within 1e-12 of the threshold does not exceed it. Faults as `effectiveNumber` does, and on a threshold outside 0 ≤ θ
 * < 1.
 */
export function nakamoto(weights: readonly number[], threshold: number): number {
  const total = checkWeights('list of weights', weights)
  if (threshold !== 0) checkFraction('threshold', threshold)
  const descending = weights.toSorted((a, b) => b - a)
  let held = 0
  for (const [i, weight] of descending.entries()) {
    held += weight
    if (held > total * (threshold + ROUNDING)) return i + 1
  }
  return weights.filter((weight) => weight > 0).length
}

/**
 * Shannon entropy in nats, −Σ p ln p, with the Miller-Madow correction (K − 1) / 2N for few observations (Miller 1955):
 * K kinds that were seen, N observations in all. Faults on what is no count, and on none at all.
 */
export function shannonMillerMadow(counts: readonly number[]): number {
  const total = checkCounts('list of counts', counts)
  const shares = counts.filter((count) => count > 0).map((count) => count / total)
  return entropyOf(shares) + (shares.length - 1) / (2 * total)
}

/**
 * How much a winner's vote was answerable for the decision: 1 / (winners − quota + 1), one over the votes that had to
 * change for his to matter (Chockler & Halpern 2004). Above 0, 1 where each was needed. Losers have 0, which is not
 * asked here. Faults unless winners ≥ quota ≥ 1.
 */
export function responsibility(winners: number, quota: number): number {
  checkCount('quota', quota, 1)
  checkCount('number of winners', winners, quota)
  return 1 / (winners - quota + 1)
}

/**
 * The most PageRank that a region of any number of made-up identities holds, over which the flow `flow` comes in: (1 −
 * α)φ / α, a part of all rank. More than 1 bounds nothing. `alpha` is the restart probability. Faults unless 0 < α ≤ 1
 * and φ ≥ 0.
 */
export function pageRankBound({ alpha, flow }: { alpha: number; flow: number }): number {
  if (!(alpha > 0 && alpha <= 1)) throw malformed('restart probability', 'it is not above 0 and at most 1')
  checkAmount('flow', flow)
  return ((1 - alpha) * flow) / alpha
}
