import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { banzhaf, shapleyShubik, swings } from '../../../src/domain/authority/index.ts'
import { choose, ratio } from './exact.ts'
import { near } from './near.ts'

const times = (n: number, weight: number) => Array.from({ length: n }, () => weight)

/** Each in its first place, as the bodies of one weight have one power. */
const distinct = (values: readonly number[]) => [...new Set(values.map((value) => value.toFixed(4)))].map(Number)

const coalitions = (n: number) => Array.from({ length: 1 << n }, (_, coalition) => coalition)
const has = (coalition: number, body: number) => ((coalition >> body) & 1) === 1
const weigh = (coalition: number, weights: readonly number[]) =>
  weights.reduce((sum, weight, body) => (has(coalition, body) ? sum + weight : sum), 0)

function swingsByHand(weights: readonly number[], quota: number): number[] {
  const wins = coalitions(weights.length).map((coalition) => weigh(coalition, weights) >= quota)
  return weights.map((_, body) => wins.filter((win, i) => win && has(i, body) && !wins[i ^ (1 << body)]).length)
}

function* orders(bodies: readonly number[]): Generator<readonly number[]> {
  if (bodies.length === 0) yield []
  for (const first of bodies) for (const rest of orders(bodies.filter((body) => body !== first))) yield [first, ...rest]
}

function shapleyByHand(weights: readonly number[], quota: number): number[] {
  const pivots = weights.map(() => 0)
  let count = 0
  for (const order of orders([...weights.keys()])) {
    let held = 0
    const pivot = order.find((body) => (held += weights[body]!) >= quota)!
    pivots[pivot]!++
    count++
  }
  return pivots.map((n) => n / count)
}

/** Whole weights, and a quota that all reach together. */
const games = (bodies: number, most = 40) =>
  fc
    .array(fc.nat(most), { minLength: 1, maxLength: bodies })
    .filter((weights) => weights.some((weight) => weight > 0))
    .chain((weights) =>
      fc.tuple(fc.constant(weights), fc.integer({ min: 1, max: weights.reduce((sum, weight) => sum + weight, 0) })),
    )

describe('power, as published', () => {
  test('in the Security Council of six who come and go: 19/105 and 1/63, 76/385 and 1/462 (Shapley & Shubik 1954)', () => {
    const weights = [...times(5, 5), ...times(6, 1)]
    expect(swings(weights, 27)).toEqual([...times(5, 57), ...times(6, 5)])
    near(banzhaf(weights, 27), [...times(5, 19 / 105), ...times(6, 1 / 63)], 1e-15)
    near(shapleyShubik(weights, 27), [...times(5, 76 / 385), ...times(6, 1 / 462)], 1e-15)
  })

  test('in the Council of ten, of twelve and of fifteen members (Felsenthal & Machover 1998)', () => {
    const ten = [...times(4, 10), ...times(3, 5), ...times(2, 3), 2]
    const twelve = [...times(4, 10), 8, ...times(4, 5), ...times(2, 3), 2]
    const fifteen = [...times(4, 10), 8, ...times(4, 5), ...times(2, 4), ...times(3, 3), 2]
    near(distinct(banzhaf(ten, 45)), [0.1582, 0.0823, 0.0411], 1e-3)
    near(distinct(banzhaf(twelve, 54)), [0.129, 0.109, 0.067, 0.046, 0.018], 5e-4)
    near(distinct(banzhaf(fifteen, 62)), [0.1116, 0.0924, 0.0587, 0.0479, 0.0359, 0.0226], 1e-4)
    near(distinct(shapleyShubik(fifteen, 62)), [0.1167, 0.0955, 0.0552, 0.0454, 0.0353, 0.0207], 1e-4)
  })

  test('of one who needs either of two: 3/5 and 1/5, 2/3 and 1/6', () => {
    for (const [weights, quota] of [
      [[2, 1, 1], 3],
      [[50, 49, 1], 51],
    ] as const) {
      near(banzhaf(weights, quota), [3 / 5, 1 / 5, 1 / 5], 1e-15)
      near(shapleyShubik(weights, quota), [2 / 3, 1 / 6, 1 / 6], 1e-15)
    }
  })
})

describe('power, counted by hand', () => {
  test('is that of every coalition', () => {
    fc.assert(
      fc.property(games(11), ([weights, quota]) => {
        const byHand = swingsByHand(weights, quota)
        const total = byHand.reduce((sum, count) => sum + count, 0)
        expect(swings(weights, quota)).toEqual(byHand)
        near(
          banzhaf(weights, quota),
          byHand.map((count) => count / total),
          1e-15,
        )
      }),
      { numRuns: 60 },
    )
  })

  test('is that of every order', () => {
    fc.assert(
      fc.property(games(6), ([weights, quota]) =>
        near(shapleyShubik(weights, quota), shapleyByHand(weights, quota), 1e-14),
      ),
      { numRuns: 60 },
    )
  })

  test('is the same coalition by coalition, where units are too fine for a table', () => {
    const fine = 1_000_003
    fc.assert(
      fc.property(games(9), ([weights, quota]) => {
        const [scaled, much] = [weights.map((weight) => weight * fine), quota * fine]
        expect(swings(scaled, much)).toEqual(swings(weights, quota))
        expect(banzhaf(scaled, much)).toEqual(banzhaf(weights, quota))
        near(shapleyShubik(scaled, much), shapleyShubik(weights, quota), 1e-14)
        const [thirds, third] = [weights.map((weight) => weight / 3), quota / 3]
        expect(swings(thirds, third)).toEqual(swings(weights, quota))
      }),
      { numRuns: 60 },
    )
  })

  test('of equal bodies in a majority is that of binomials, up to a hundred of them', () => {
    for (const n of [1, 2, 53, 54, 99, 100]) {
      const majority = Math.floor(n / 2) + 1
      expect(swings(times(n, 1), majority)).toEqual(times(n, Number(choose(n - 1, majority - 1))))
      near(banzhaf(times(n, 1), majority), times(n, 1 / n), 1e-16)
      near(shapleyShubik(times(n, 1), majority), times(n, 1 / n), 1e-15)
    }
  })

  test('of one great body over 99 small ones is right to the last bits', () => {
    // The great one has 30 votes and needs 35 to 64 of the 99; a small one needs it and 34 others, or 64 others alone.
    const weights = [30, ...times(99, 1)]
    let great = 0n
    for (let others = 35; others <= 64; others++) great += choose(99, others)
    const small = choose(98, 34) + choose(98, 64)
    expect(swings(weights, 65).slice(0, 2)).toEqual([Number(great), Number(small)])
    near(
      banzhaf(weights, 65).slice(0, 2),
      [ratio(great, great + 99n * small), ratio(small, great + 99n * small)],
      1e-16,
    )
    // In an order of a hundred, the great one is pivotal in 30 places of 100.
    near(shapleyShubik(weights, 65), [0.3, ...times(99, 0.7 / 99)], 1e-14)
  })
})

describe('power', () => {
  test('takes decimals as they were written', () => {
    expect(swings([0.1, 0.2, 0.7], 0.3)).toEqual(swings([1, 2, 7], 3))
    expect(swings([0.25, 0.25, 0.5], 0.6)).toEqual(swings([1, 1, 2], 3))
    expect(swings([3, 2, 2], 4.5)).toEqual(swings([3, 2, 2], 5))
    expect(swings([1 / 3, 1 / 3, 1 / 3], 2 / 3)).toEqual([2, 2, 2])
  })

  test('is nobody’s without weight, all of a dictator, and everybody’s alike where all are needed', () => {
    expect(banzhaf([0, 3, 0, 2], 3)).toEqual([0, 1, 0, 0])
    expect(shapleyShubik([0, 3, 0, 2], 3)).toEqual([0, 1, 0, 0])
    expect(swings([5], 5)).toEqual([1])
    near(banzhaf([1, 5, 9], 15), times(3, 1 / 3), 1e-15)
    near(shapleyShubik([1, 5, 9], 15), times(3, 1 / 3), 1e-15)
  })

  test('sums to 1 whatever the game', () => {
    fc.assert(
      fc.property(games(100, 12), ([weights, quota]) => {
        for (const index of [banzhaf, shapleyShubik])
          near(
            index(weights, quota).reduce((sum, value) => sum + value, 0),
            1,
            1e-12,
          )
      }),
      { numRuns: 15 },
    )
  })

  test('of those who can block is that of those who can decide', () => {
    fc.assert(
      fc.property(games(30), ([weights, quota]) => {
        const others = weights.reduce((sum, weight) => sum + weight, 1) - quota
        expect(swings(weights, quota)).toEqual(swings(weights, others))
        near(shapleyShubik(weights, quota), shapleyShubik(weights, others), 1e-14)
      }),
      { numRuns: 40 },
    )
  })
})
