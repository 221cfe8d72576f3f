import { chanceFrom } from './chance.ts'
import { cusum, mannKendall } from './drift.ts'

/** Windows under which nothing is said of drift. */
export const LEAST_WINDOWS = 8
/** Of the CUSUM, in standard deviations of the series: what each window may be off, and the sum that is an alarm. */
const SLACK = 0.5
const LIMIT = 5

/**
 * How often a series without a trend, and as much like its neighbours as this one, rises or falls as far: runs of neighbours drawn anew
 * (Künsch 1989), never 0.
 */
export function blockTest(series: readonly number[], { rounds, seed }: { rounds: number; seed: Uint8Array }): number {
  const draws = chanceFrom(seed, 'block test')
  const n = series.length
  let block = 1
  while (block * block * block < n) block++
  const observed = Math.abs(mannKendall(series).S)
  let reached = 1
  for (let round = 0; round < rounds; round++) {
    const drawn: number[] = []
    while (drawn.length < n) {
      const from = draws.below(n - block + 1)
      for (const value of series.slice(from, from + Math.min(block, n - drawn.length))) drawn.push(value)
    }
    if (Math.abs(mannKendall(drawn).S) >= observed) reached++
  }
  return reached / (rounds + 1)
}

/** Windows, numbered from 1, at which a series has left its own mean for good (Page 1954). None of one that never changes. */
export function alarmsOf(series: readonly number[]): readonly number[] {
  const n = series.length
  const mean = series.reduce((sum, value) => sum + value, 0) / n
  const variance = series.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (n - 1)
  if (!(variance > 0)) return []
  const deviation = Math.sqrt(variance)
  return cusum(series, { target: mean, k: SLACK * deviation, h: LIMIT * deviation }).alarms
}
