import { chanceFrom, type Draws } from './chance.ts'
import { checkCount, checkFraction, checkSimulation, malformed } from './checks.ts'

export interface ResamplingInit {
  readonly rounds: number
  /** 32 bytes. */
  readonly seed: Uint8Array
  /** The part of the rounds that lie within, between 0 and 1. */
  readonly confidence: number
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** A statistic of the items with these indices, which it must not change. May be infinite. */
export type Statistic = (indices: Int32Array) => number

/**
 * The percentile bootstrap (Efron 1979): the statistic over `rounds` samples of `count` items, drawn with replacement,
 * and between which values the middle part of them lies. Equal arguments give equal intervals; the indices are one
 * array, filled anew. Faults on a statistic that is not a number, and on arguments out of their range.
 */
export function bootstrapInterval(count: number, statistic: Statistic, init: ResamplingInit): Interval {
  return intervalOf(count, statistic, init, 'bootstrap', (draws, indices) => {
    for (let i = 0; i < count; i++) indices[i] = draws.below(count)
  })
}

/**
 * The same from runs of `block` neighbours, for a series whose values resemble those beside them: moving blocks (Künsch
 * 1989), the last cut to fit. `block` is the least b with b³ ≥ count where none is given. Faults as `bootstrapInterval`
 * does, and unless 1 ≤ block ≤ count.
 */
export function blockBootstrapInterval(
  count: number,
  statistic: Statistic,
  { block = blockLength(count), ...init }: ResamplingInit & { readonly block?: number },
): Interval {
  checkCount('length of a block', block, 1, count)
  return intervalOf(count, statistic, init, 'block bootstrap', (draws, indices) => {
    for (let first = 0; first < count; first += block) {
      const from = draws.below(count - block + 1)
      for (let i = first; i < Math.min(count, first + block); i++) indices[i] = from + i - first
    }
  })
}

/** Items of which one sample is made. */
const MAX_ITEMS = 1_000_000

function blockLength(count: number): number {
  checkCount('number of items', count, 1, MAX_ITEMS)
  let length = 1
  while (length * length * length < count) length++
  return length
}

function intervalOf(
  count: number,
  statistic: Statistic,
  { confidence, ...simulation }: ResamplingInit,
  purpose: string,
  fill: (draws: Draws, indices: Int32Array) => void,
): Interval {
  checkCount('number of items', count, 1, MAX_ITEMS)
  checkFraction('confidence', confidence)
  checkSimulation(simulation)
  const draws = chanceFrom(simulation.seed, purpose)
  const indices = new Int32Array(count)
  const { low, high } = bandOf(simulation.rounds, confidence, () => {
    fill(draws, indices)
    return statistic(indices)
  })
  return { low, high }
}

/**
 * The middle of what came out in `rounds` rounds, and its ends, which lie as many rounds from the least as from the
 * greatest.
 */
export function bandOf(
  rounds: number,
  confidence: number,
  round: () => number,
): Interval & { readonly median: number } {
  const values = new Float64Array(rounds)
  for (let i = 0; i < rounds; i++) values[i] = round()
  if (values.some(Number.isNaN)) throw malformed('statistic', 'it is not a number')
  values.sort()
  const at = (i: number) => values[i] ?? 0
  const outside = Math.floor((rounds * (1 - confidence)) / 2)
  return {
    low: at(outside),
    median: (at((rounds - 1) >> 1) + at(rounds >> 1)) / 2,
    high: at(rounds - 1 - outside),
  }
}
