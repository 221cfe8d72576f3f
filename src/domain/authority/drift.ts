import { checkAmount, checkSeries } from './checks.ts'
import { twoSided } from './normal.ts'

/**
 * Whether a series rises or falls, whatever its shape (Mann 1945, Kendall 1975): S = Σ sign(later − earlier) over all
 * pairs, its variance without a trend, ties corrected, Z with the continuity correction, p two-sided from the normal
 * distribution. Rises are positive. All values one: S = 0, variance 0, Z = 0, p = 1. The normal distribution is near
 * from 8 values on; faults under two.
 */
export function mannKendall(series: readonly number[]): { S: number; variance: number; Z: number; p: number } {
  checkSeries('series', series, 2)
  let S = 0
  for (const [i, later] of series.entries()) for (let j = 0; j < i; j++) S += Math.sign(later - (series[j] ?? 0))
  const ties = new Map<number, number>()
  for (const value of series) ties.set(value, (ties.get(value) ?? 0) + 1)
  const spread = (n: number) => n * (n - 1) * (2 * n + 5)
  const variance = [...ties.values()].reduce((left, tied) => left - spread(tied), spread(series.length)) / 18
  const Z = S === 0 ? 0 : (S - Math.sign(S)) / Math.sqrt(variance)
  return { S, variance, Z, p: twoSided(Z) }
}

/** All in the unit of the series. */
export interface CusumInit {
  readonly target: number
  /** What each value may be off the target and add nothing. */
  readonly k: number
  /** The sum past which it is an alarm. */
  readonly h: number
}

/**
 * The tabular CUSUM (Page 1954; NIST/SEMATECH 6.3.2.3): sums of what exceeds target + k, and of what falls short of
 * target − k, each starting at 0 and never below it. `alarms` numbers, from 1, every value at which either exceeds h;
 * nothing is reset by an alarm. Faults on an empty series, a target that is not finite, negative k or h.
 */
export function cusum(
  series: readonly number[],
  { target, k, h }: CusumInit,
): { upper: number[]; lower: number[]; alarms: number[] } {
  checkSeries('series', series)
  checkSeries('target', [target])
  checkAmount('slack of the CUSUM', k)
  checkAmount('limit of the CUSUM', h)
  const upper = sumsOver(series.map((value) => value - target - k))
  const lower = sumsOver(series.map((value) => target - value - k))
  const alarms = series.flatMap((_, i) => ((upper[i] ?? 0) > h || (lower[i] ?? 0) > h ? [i + 1] : []))
  return { upper, lower, alarms }
}

function sumsOver(excesses: readonly number[]): number[] {
  let held = 0
  return excesses.map((excess) => (held = Math.max(0, held + excess)))
}
