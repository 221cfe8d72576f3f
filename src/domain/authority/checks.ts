import { fault, type MootError } from '../fault.ts'

/** How far shares may be from summing to 1. */
const SHARE_TOLERANCE = 1e-9

/**
 * A part of the whole that double precision may lose in sums of a hundred thousand terms: less apart than this is
 * equal.
 */
export const ROUNDING = 1e-12

/** Bytes of a seed: a sha-256. */
const SEED_BYTES = 32

/** Rounds of one simulation: past a million its own error is under a hundredth of what it measures. */
const MAX_ROUNDS = 1_000_000

/** What a measure throws where its arguments are no such thing. */
export const malformed = (what: string, why: string): MootError => fault({ code: 'MALFORMED', what, why })

/** In the order of the list: another order has other bits. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0
  return total
}

/** Finite numbers of either sign, at least `least` of them. */
export function checkSeries(what: string, values: readonly number[], least = 1): void {
  if (values.length < least) throw malformed(what, `it has ${values.length} values, and needs ${least}`)
  for (const value of values) if (!Number.isFinite(value)) throw malformed(what, 'a value is not a finite number')
}

/** Finite and non-negative, at least one of them positive. Gives their sum. */
export function checkWeights(what: string, values: readonly number[]): number {
  checkSeries(what, values)
  for (const value of values) if (value < 0) throw malformed(what, 'a value is negative')
  const total = sum(values)
  if (total === 0) throw malformed(what, 'all values are zero')
  if (!Number.isFinite(total)) throw malformed(what, 'the sum is too large')
  return total
}

/** Non-negative, and 1 in sum. */
export function checkShares(what: string, values: readonly number[]): void {
  const total = checkWeights(what, values)
  if (Math.abs(total - 1) > SHARE_TOLERANCE) throw malformed(what, `its sum is ${total}, not 1`)
}

/** Whole, and within the bounds, which are included. */
export function checkCount(what: string, value: number, least = 0, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value)) throw malformed(what, 'it is not a whole number')
  if (value < least || value > most) throw malformed(what, `it is ${value}, and not from ${least} to ${most}`)
}

/** Whole and non-negative, one of them positive. Gives their sum. */
export function checkCounts(what: string, values: readonly number[]): number {
  for (const value of values) checkCount(what, value)
  const total = checkWeights(what, values)
  checkCount(`sum of the ${what}`, total)
  return total
}

/** From 0 to 1, both included. */
export function checkProbability(what: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw malformed(what, 'it is not from 0 to 1')
}

/** Between 0 and 1, neither included. */
export function checkFraction(what: string, value: number): void {
  if (!(value > 0 && value < 1)) throw malformed(what, 'it is not between 0 and 1')
}

/** Finite and non-negative. */
export function checkAmount(what: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw malformed(what, 'it is not a finite number of at least 0')
}

export function checkSeed(seed: Uint8Array): void {
  if (!(seed instanceof Uint8Array) || seed.length !== SEED_BYTES)
    throw malformed('seed', `it is not ${SEED_BYTES} bytes long`)
}

export function checkSimulation({ rounds, seed }: { rounds: number; seed: Uint8Array }): void {
  checkCount('number of rounds', rounds, 1, MAX_ROUNDS)
  checkSeed(seed)
}

/** No name twice, and at least `least` of them. */
export function checkNames(what: string, names: readonly string[], least: number): void {
  if (names.length < least) throw malformed(what, 'it is empty')
  for (const name of names) if (typeof name !== 'string') throw malformed(what, 'an entry is not a name')
  if (new Set(names).size !== names.length) throw malformed(what, 'an entry is there twice')
}
