import { checkCount, checkFraction, checkProbability, ROUNDING } from './checks.ts'
import { normalQuantile } from './normal.ts'

/**
 * The interval for a share of which `successes` of `n` were seen (Wilson 1927, without continuity correction). 0 ≤ low
 * ≤ high ≤ 1; low is 0 where none was seen, high is 1 where all were. Faults unless 0 ≤ successes ≤ n, n ≥ 1 and 0 <
 * confidence < 1.
 */
export function wilson(successes: number, n: number, confidence: number): { low: number; high: number } {
  checkCount('number of cases', n, 1)
  checkCount('number of successes', successes, 0, n)
  checkFraction('confidence', confidence)
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / n
  const squared = (z * z) / n
  const middle = share + squared / 2
  const reach = z * Math.sqrt((share * (1 - share)) / n + squared / (4 * n))
  return {
    low: successes === 0 ? 0 : Math.max(0, (middle - reach) / (1 + squared)),
    high: successes === n ? 1 : Math.min(1, (middle + reach) / (1 + squared)),
  }
}

/**
 * Which of many tests to believe when at most the part `rate` of those believed may be chance (Benjamini & Hochberg
 * 1995): in the order of the list. None of none. A p that exceeds its limit by 1e-12 of it still meets it. Faults on p
 * or rate outside 0 to 1.
 */
export function benjaminiHochberg(pValues: readonly number[], rate: number): boolean[] {
  for (const p of pValues) checkProbability('p-value', p)
  checkProbability('rate of false discoveries', rate)
  const ascending = pValues.toSorted((a, b) => a - b)
  const last = ascending.findLastIndex((p, i) => p * pValues.length <= (i + 1) * rate * (1 + ROUNDING))
  const limit = ascending[last] ?? -1
  return pValues.map((p) => p <= limit)
}
