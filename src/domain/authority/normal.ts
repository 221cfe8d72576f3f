import { checkFraction } from './checks.ts'
import { erfc, ln } from './logarithm.ts'

/** Probability that a standard normal variable is at least `|z|` away from 0: the two-sided p-value. 0 to 1. */
export const twoSided = (z: number): number => erfc(Math.abs(z) * Math.SQRT1_2)

/** Coefficients from the constant up. */
type Polynomial = readonly number[]

/**
 * Numerators and denominators of AS 241, each coefficient as its nearest double: around the median, in the tails, in
 * the far tails.
 */
const CENTRE: readonly [Polynomial, Polynomial] = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
]
const TAIL: readonly [Polynomial, Polynomial] = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
]
const FAR_TAIL: readonly [Polynomial, Polynomial] = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
]

const valueAt = (polynomial: Polynomial, x: number): number => polynomial.reduceRight((value, c) => value * x + c, 0)
const ratioAt = ([numerator, denominator]: readonly [Polynomial, Polynomial], x: number): number =>
  valueAt(numerator, x) / valueAt(denominator, x)

/**
 * The standard normal deviate below which lies the probability `p`: Wichura 1988, algorithm AS 241 (PPND16), relative
 * error about 1e-16. Faults where `p` is not between 0 and 1.
 */
export function normalQuantile(p: number): number {
  checkFraction('probability of the quantile', p)
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratioAt(CENTRE, 0.180625 - q * q)
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p))
  const deviate = r <= 5 ? ratioAt(TAIL, r - 1.6) : ratioAt(FAR_TAIL, r - 5)
  return q < 0 ? -deviate : deviate
}
