import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jaccard, rankBiasedOverlap, turnover } from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const letters = 'abcdefghijklmnop'.split('')
const rankings = fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 })

/** The infinite sum itself: past its end a list has as many of what the other shows as it had, in proportion (Webber et al. 2010, 4.3). */
function summed(a: readonly string[], b: readonly string[], p: number): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const shared = (s: number, l: number) => short.slice(0, s).filter((name) => long.slice(0, l).includes(name)).length
  const atShort = shared(short.length, short.length)
  const agreement = (depth: number) =>
    depth <= short.length
      ? shared(depth, depth) / depth
      : (shared(short.length, depth) + (atShort / short.length) * (depth - short.length)) / depth
  const last = agreement(long.length)
  let sum = 0
  for (let depth = 10_000; depth >= 1; depth--) sum = sum * p + (depth <= long.length ? agreement(depth) : last)
  return (1 - p) * sum
}

describe('rank-biased overlap', () => {
  test('is the sum over all depths, lists of unequal length included', () => {
    fc.assert(
      fc.property(rankings, rankings, fc.constantFrom(0.1, 0.5, 0.9, 0.98), (a, b, p) => {
        near(rankBiasedOverlap(a, b, p), summed(a, b, p), 1e-12)
        expect(rankBiasedOverlap(a, b, p)).toBe(rankBiasedOverlap(b, a, p))
      }),
    )
  })

  test('is 1 of a list and itself or its beginning, 0 of lists that share nothing', () => {
    near(rankBiasedOverlap(letters, letters, 0.9), 1, 1e-15)
    near(rankBiasedOverlap(letters, letters.slice(0, 5), 0.9), 1, 1e-15)
    expect(rankBiasedOverlap(['a', 'b'], ['c', 'd', 'e'], 0.9)).toBe(0)
  })

  test('of two that change places is what the top weighs', () => {
    near(rankBiasedOverlap(['a', 'b'], ['b', 'a'], 0.9), 0.9, 1e-15)
    near(rankBiasedOverlap(['a', 'b', 'c'], ['a', 'c', 'b'], 0.5), 1 - 0.5 * 0.5 * 0.5, 1e-15)
  })

  test('knows the published lists of unequal length: equation 32 by hand', () => {
    // S = (a, b), L = (b, c, a): X = 0, 1, 2 and X_s = 1, so A = 0, 1/2, (2 + 1/2)/3.
    const p = 0.9
    near(
      rankBiasedOverlap(['a', 'b'], ['b', 'c', 'a'], p),
      (1 - p) * (p / 2 + (2.5 / 3) * p * p) + (2.5 / 3) * p ** 3,
      1e-15,
    )
  })
})

describe('turnover', () => {
  test('of sets is what they share over what either has', () => {
    expect(jaccard(['a', 'b', 'c'], ['c', 'd'])).toBe(1 / 4)
    expect(jaccard(['a'], ['a'])).toBe(1)
    expect(jaccard([], ['a'])).toBe(0)
    expect(jaccard(['a'], [])).toBe(0)
  })

  test('of the top looks no further down', () => {
    expect(turnover(['a', 'b', 'c'], ['b', 'a', 'x'], 2)).toBe(0)
    expect(turnover(['a', 'b', 'c'], ['b', 'a', 'x'], 3)).toBe(1 / 2)
    expect(turnover(['a', 'b'], ['c', 'd'], 10)).toBe(1)
  })
})
