import { chanceFrom } from './chance.ts'
import { sum } from './checks.ts'
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

/**
 * Windows, numbered from 1, at which a series has left for good what it was in its first third (Page 1954). Its deviation is taken from how far
 * neighbours lie apart (their mean moving range over 1.128, NIST/SEMATECH 6.3.2.2), which a trend does not widen. None of one that never changes.
 */
export function alarmsOf(series: readonly number[]): readonly number[] {
  const first = series.slice(0, Math.max(1, Math.floor(series.length / 3)))
  const target = sum(first) / first.length
  const moves = series.slice(1).map((value, i) => Math.abs(value - (series[i] ?? value)))
  const deviation = sum(moves) / Math.max(1, moves.length) / RANGE_OF_TWO
  if (!(deviation > 0)) return []
  return cusum(series, { target, k: SLACK * deviation, h: LIMIT * deviation }).alarms
}

/** Expected range of two values, in standard deviations. */
const RANGE_OF_TWO = 1.128
