import { checkCounts, checkShares, checkWeights, malformed, sum } from './checks.ts'
import { exp, ln } from './logarithm.ts'

/**
 * Σp², from 1/n to 1: the Herfindahl-Hirschman index on the scale of 1. Shares that do not sum to 1 within 1e-9 are a
 * fault.
 */
export function herfindahl(shares: readonly number[]): number {
  checkShares('list of shares', shares)
  return sumOfSquares(shares)
}

/** The effective number of holders, 1 / Σp²: from 1 to n (Laakso & Taagepera 1979). Faults as `herfindahl` does. */
export const laaksoTaagepera = (shares: readonly number[]): number => 1 / herfindahl(shares)

/**
 * The effective number of holders, the small ones counting for less the greater the greatest is: Σ p / (p + p_max² −
 * p²) (Golosov 2010). 1 to n; faults as `herfindahl` does.
 */
export function golosov(shares: readonly number[]): number {
  checkShares('list of shares', shares)
  const most = greatest(shares)
  return sum(shares.map((p) => p / (p + most * most - p * p)))
}

/** `laaksoTaagepera` of weights that need not sum to 1. 1 to n. Faults on negative ones, and where all are zero. */
export const effectiveNumber = (weights: readonly number[]): number =>
  1 / sumOfSquares(sharesOf('list of weights', weights))

/**
 * Kish's effective sample size, (Σw)² / Σw²: from 1 to n (Kish 1965). Faults as `effectiveNumber` does, which it
 * equals.
 */
export const kish = (weights: readonly number[]): number => effectiveNumber(weights)

/**
 * `laaksoTaagepera` from the seats that each peer held, without the bias of few seats: 1 / Ĥ, Ĥ = Σ m(m−1) / (M(M−1)),
 * the chance that two seats are one peer's (Simpson 1949). `Infinity` where nobody holds two. Faults on what is no
 * count, and under two seats in all.
 */
export function effectiveDeciders(seats: readonly number[]): number {
  const total = checkCounts('list of seats', seats)
  if (total < 2) throw malformed('list of seats', 'it takes two seats to tell whether one peer holds both')
  return (total * (total - 1)) / sum(seats.map((m) => m * (m - 1)))
}

/**
 * The effective number of holders of that order (Hill 1973): how many there are at 0, exp(entropy) at 1, 1 / Σp² at 2,
 * 1 / p_max at `Infinity`; (Σ p^q)^(1/(1−q)) in general. 1 to n, and less the higher the order. Values need not sum to
 * 1. Faults as `effectiveNumber` does, and on a negative order.
 */
export function hillNumber(values: readonly number[], order: number): number {
  if (!(order >= 0)) throw malformed('order of the Hill number', 'it is negative or not a number')
  const shares = sharesOf('list of values', values).filter((p) => p > 0)
  if (order === 0) return shares.length
  if (order === 2) return 1 / sumOfSquares(shares)
  const most = greatest(shares)
  if (order === Infinity) return 1 / most
  if (Math.abs(order - 1) < NEARLY_ONE) return exp(entropyOf(shares))
  // Divided by the greatest first: powers of small shares vanish.
  const relative = sum(shares.map((p) => exp(order * ln(p / most))))
  return exp((order * ln(most) + ln(relative)) / (1 - order))
}

/** Orders closer to 1 than this lose more to rounding than they differ. */
const NEARLY_ONE = 1e-8

function sharesOf(what: string, values: readonly number[]): number[] {
  const total = checkWeights(what, values)
  return values.map((value) => value / total)
}

const greatest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)
const sumOfSquares = (shares: readonly number[]): number => sum(shares.map((p) => p * p))

/** Shannon entropy in nats, of shares that are all positive. */
export const entropyOf = (shares: readonly number[]): number => sum(shares.map((p) => -p * ln(p)))
