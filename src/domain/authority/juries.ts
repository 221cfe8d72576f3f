import { checkCount, checkProbability, malformed } from './checks.ts'

/** Jurors of one jury. */
const MAX_JURY = 1_000_000

/**
 * How likely a bloc holds a strict majority of a jury that is drawn without replacement, each as likely as the others:
 * the hypergeometric P(X > jury/2). An even jury that it halves is not captured. Relative error under 1e-12 for juries
 * under a thousand. Faults unless 0 ≤ bloc ≤ population and 1 ≤ jury ≤ population, a million at most.
 */
export function captureProbability(o: { population: number; bloc: number; jury: number }): number {
  const { population, bloc, jury } = o
  checkCount('population', population, 1)
  checkCount('bloc', bloc, 0, population)
  checkCount('jury', jury, 1, Math.min(population, MAX_JURY))
  const others = population - bloc
  return majorityOf(jury, {
    least: Math.max(0, jury - others),
    most: Math.min(jury, bloc),
    mode: Math.floor(((jury + 1) / (population + 2)) * (bloc + 1)),
    ratio: (x) => ((bloc - x) / (x + 1)) * ((jury - x) / (others - jury + x + 1)),
  })
}

/**
 * How likely a majority of `n` is right where each is so with probability `p` by himself (Condorcet 1785): the binomial
 * P(X > n/2). Faults unless n is odd and 1 to a million, and 0 ≤ p ≤ 1.
 */
export function majorityCorrect(n: number, p: number): number {
  checkCount('number of voters', n, 1, MAX_JURY)
  if (n % 2 === 0) throw malformed('number of voters', 'it is even, so that they can be halved')
  checkProbability('probability of being right', p)
  if (p === 0 || p === 1) return p
  const odds = p / (1 - p)
  const mode = Math.floor((n + 1) * p)
  return majorityOf(n, { least: 0, most: n, mode, ratio: (x) => ((n - x) / (x + 1)) * odds })
}

/** A distribution over whole numbers that has one peak, near `mode`. */
interface Unimodal {
  readonly least: number
  readonly most: number
  readonly mode: number
  /** P(x + 1) / P(x). */
  readonly ratio: (x: number) => number
}

/** Outwards from the peak, whose term is 1: no factorial, no logarithm, and nothing overflows. */
function majorityOf(jury: number, { least, most, mode, ratio }: Unimodal): number {
  const peak = Math.max(least, Math.min(most, mode))
  let [majority, others] = [0, 0]
  const add = (x: number, term: number) => {
    if (2 * x > jury) majority += term
    else others += term
  }
  add(peak, 1)
  for (let x = peak, term = 1; x < most && term > 0; x++) add(x + 1, (term *= ratio(x)))
  for (let x = peak, term = 1; x > least && term > 0; x--) add(x - 1, (term /= ratio(x - 1)))
  return majority / (majority + others)
}
