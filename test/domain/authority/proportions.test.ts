import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { benjaminiHochberg, wilson } from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

describe('the Wilson interval', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is what Newcombe prints (1998, table I, method 3): %d to %d', (successes, n, low, high) => {
    const interval = wilson(successes, n, 0.95)
    near([interval.low, interval.high], [low, high], 5.001e-5)
  })

  test('ends where the share would lie z standard errors away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (n, some) => {
        const successes = Math.min(n, some)
        const { low, high } = wilson(successes, n, 0.95)
        const z = 1.959963984540054
        for (const [end, sign] of [
          [low, 1],
          [high, -1],
        ] as const)
          near((successes / n - end) * sign, z * Math.sqrt((end * (1 - end)) / n), 1e-12)
        expect(low).toBeLessThanOrEqual(successes / n)
        expect(high).toBeGreaterThanOrEqual(successes / n)
      }),
    )
  })

  test('is the same for failures, mirrored, and closes at both ends', () => {
    const [some, others] = [wilson(3, 10, 0.9), wilson(7, 10, 0.9)]
    near([some.low, some.high], [1 - others.high, 1 - others.low], 1e-15)
    expect(wilson(0, 5, 0.99).low).toBe(0)
    expect(wilson(5, 5, 0.99).high).toBe(1)
    expect(wilson(3, 10, 0.99).low).toBeLessThan(some.low)
  })
})

describe('of many tests', () => {
  test('the first four of fifteen are believed (Benjamini & Hochberg 1995, section 4)', () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ]
    const believed = published.map((_, i) => i < 4)
    expect(benjaminiHochberg(published, 0.05)).toEqual(believed)
    expect(benjaminiHochberg(published.toReversed(), 0.05)).toEqual(believed.toReversed())
  })

  test('one over its own limit is believed where a later one meets its', () => {
    expect(benjaminiHochberg([0.03, 0.04], 0.05)).toEqual([true, true])
    expect(benjaminiHochberg([0.03, 0.06], 0.05)).toEqual([false, false])
    expect(benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05], 0.05)).toEqual([true, true, true, true, true])
    expect(benjaminiHochberg([0.05, 0.9], 0.1)).toEqual([true, false])
    expect(benjaminiHochberg([0, 0.5], 0)).toEqual([true, false])
    expect(benjaminiHochberg([], 0.05)).toEqual([])
    // In double precision 0.1 × 3 is more than 0.3.
    expect(benjaminiHochberg([0.1, 0.9, 0.9], 0.3)).toEqual([true, false, false])
  })
})
