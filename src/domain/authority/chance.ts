import { hash } from '../hash.ts'
import { checkSeed, malformed } from './checks.ts'

/**
 * Numbers that look random and follow from a seed, for simulations. Nothing that decides is drawn from it: see `lot`.
 */
export interface Draws {
  /** A whole number from 0 to `n` − 1, each as likely as the others. `n` from 1 to 2^32. */
  below(n: number): number
  /** A multiple of 2^-53 in [0, 1). */
  unit(): number
  /** In place: every order is as likely as the others (Fisher & Yates). */
  shuffle(list: { readonly length: number; [i: number]: unknown }): void
}

const MAX_BELOW = 4_294_967_296
const TO_UNIT = 1 / 9_007_199_254_740_992

/**
 * The same draws for equal seed and purpose, in every engine: xoshiro128** over the first half of a sha-256 of both.
 * Its period is 2^128 − 1. Other purposes give draws that have nothing to do with these. Faults where the seed is not
 * 32 bytes.
 */
export function chanceFrom(seed: Uint8Array, purpose: string): Draws {
  checkSeed(seed)
  const digest = hash('moot/chance', purpose, seed)
  const view = new DataView(digest.buffer, digest.byteOffset)
  const next = xoshiro128(Uint32Array.from([0, 4, 8, 12], (at) => view.getUint32(at, true)))

  /** The leading bits that could be enough, again until they are: no remainder favours any number. */
  function below(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= MAX_BELOW))
      throw malformed('range of a draw', 'it is not from 1 to 2^32')
    if (n === 1) return 0
    const shift = Math.clz32(n - 1)
    let drawn = next() >>> shift
    while (drawn >= n) drawn = next() >>> shift
    return drawn
  }

  return {
    below,
    unit: () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) * TO_UNIT,
    shuffle(list) {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const swapped = list[i]
        list[i] = list[j]
        list[j] = swapped
      }
    },
  }
}

/**
 * xoshiro128** 1.1 (Blackman & Vigna 2021, https://prng.di.unimi.it/): 32 bits at each call, from four words of state
 * that must not all be zero.
 */
export function xoshiro128(seed: Uint32Array): () => number {
  const state = Int32Array.from(seed)
  return () => {
    const s0 = state[0] ?? 0
    const s1 = state[1] ?? 0
    const s2 = (state[2] ?? 0) ^ s0
    const s3 = (state[3] ?? 0) ^ s1
    const scrambled = Math.imul(s1, 5)
    state[0] = s0 ^ s3
    state[1] = s1 ^ s2
    state[2] = s2 ^ (s1 << 9)
    state[3] = (s3 << 11) | (s3 >>> 21)
    return Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
  }
}
