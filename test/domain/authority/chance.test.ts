import { describe, expect, test } from 'vitest'
import { xoshiro128 } from '../../../src/domain/authority/chance.ts'
import { chanceFrom } from '../../../src/domain/authority/index.ts'

const seed = new Uint8Array(32)
const other = new Uint8Array(32).fill(1)

test('xoshiro128** gives what its authors’ code gives', () => {
  // State and output of the C reference, as used by the tests of edorfaus/xoshiro-6502.
  const next = xoshiro128(Uint32Array.of(0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0))
  expect([next(), next(), next(), next()]).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70])
})

describe('chance', () => {
  const take = (from: Uint8Array, purpose: string) => {
    const draws = chanceFrom(from, purpose)
    return Array.from({ length: 6 }, () => draws.below(1_000_000))
  }

  test('is pinned: whoever changes it changes every interval that was shown', () => {
    expect(take(seed, 'a test')).toMatchInlineSnapshot(`
      [
        179686,
        318031,
        167096,
        806532,
        485539,
        962829,
      ]
    `)
    expect(chanceFrom(seed, 'a test').unit()).toMatchInlineSnapshot(`0.17136285680009578`)
  })

  test('follows from seed and purpose', () => {
    expect(take(seed, 'a test')).toEqual(take(seed.slice(), 'a test'))
    expect(take(seed, 'a test')).not.toEqual(take(other, 'a test'))
    expect(take(seed, 'a test')).not.toEqual(take(seed, 'another'))
  })

  test.each([2, 3, 7, 64, 100])('favours none of %d', (n) => {
    const draws = chanceFrom(seed, `of ${n}`)
    const [rounds, counts] = [n * 2_000, Array.from({ length: n }, () => 0)]
    for (let i = 0; i < rounds; i++) counts[draws.below(n)]!++
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0)
    // Mean n − 1, variance 2(n − 1): five deviations, and the draws are fixed by their seed.
    expect(chiSquare).toBeLessThan(n - 1 + 5 * Math.sqrt(2 * (n - 1)))
  })

  test('reaches as far as it says, and no further', () => {
    const draws = chanceFrom(seed, 'range')
    expect(draws.below(1)).toBe(0)
    const great = Array.from({ length: 1_000 }, () => draws.below(2 ** 32))
    expect(Math.max(...great)).toBeGreaterThan(2 ** 32 * 0.99)
    expect(great.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32)).toBe(true)
    const units = Array.from({ length: 10_000 }, () => draws.unit())
    expect(Math.min(...units)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...units)).toBeLessThan(1)
    expect(units.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.5, 2)
  })

  test('puts all orders of three alike often', () => {
    const draws = chanceFrom(seed, 'orders')
    const counts = new Map<string, number>()
    for (let i = 0; i < 12_000; i++) {
      const list = [1, 2, 3]
      draws.shuffle(list)
      counts.set(list.join(''), (counts.get(list.join('')) ?? 0) + 1)
    }
    expect([...counts.keys()].toSorted()).toEqual(['123', '132', '213', '231', '312', '321'])
    for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(5 * Math.sqrt(2_000))
    const bytes = Uint8Array.of(1, 2, 3, 4)
    draws.shuffle(bytes)
    expect([...bytes].toSorted()).toEqual([1, 2, 3, 4])
  })
})
