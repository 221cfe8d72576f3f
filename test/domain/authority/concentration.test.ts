import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  gini,
  nakamoto,
  pageRankBound,
  responsibility,
  shannonMillerMadow,
} from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const amounts = fc
  .array(fc.nat(1000), { minLength: 2, maxLength: 40 })
  .filter((values) => values.some((value) => value > 0))
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

describe('the Gini coefficient', () => {
  test('is half the mean difference over the mean', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const differences = total(values.flatMap((a) => values.map((b) => Math.abs(a - b))))
        const biased = differences / (2 * values.length * total(values))
        near(gini(values, { unbiased: false }), biased, 1e-12)
        near(gini(values, { unbiased: true }), (biased * values.length) / (values.length - 1), 1e-12)
      }),
    )
  })

  test('is 0 of equals, and 1 unbiased where one has all', () => {
    expect(gini([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], { unbiased: true })).toBeLessThan(1e-15)
    expect(gini([3], { unbiased: false })).toBe(0)
    expect(gini([0, 0, 9, 0], { unbiased: false })).toBe(0.75)
    expect(gini([0, 0, 9, 0], { unbiased: true })).toBe(1)
    near(gini([1, 2, 3, 4], { unbiased: false }), 0.25, 1e-15)
  })
})

describe('the Nakamoto coefficient', () => {
  test('wants more than the threshold', () => {
    const tenths = Array.from({ length: 10 }, () => 0.1)
    expect(nakamoto(tenths, 0.5)).toBe(6)
    expect(nakamoto(tenths, 0.3)).toBe(4)
    expect(nakamoto([1, 1, 1], 1 / 3)).toBe(2)
    expect(nakamoto([51, 49], 0.5)).toBe(1)
    expect(nakamoto([50, 50], 0.5)).toBe(2)
    expect(nakamoto([5, 0, 0], 0.99)).toBe(1)
    expect(nakamoto([1, 1, 0], 1 - 1e-14)).toBe(2)
    expect(nakamoto([1, 2], 0)).toBe(1)
  })

  test('is the least: one fewer does not exceed it', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 99 }), (values, hundredths) => {
        const s = nakamoto(values, hundredths / 100)
        const top = (n: number) => 100 * total(values.toSorted((a, b) => b - a).slice(0, n))
        expect(top(s)).toBeGreaterThan(hundredths * total(values))
        expect(top(s - 1)).toBeLessThanOrEqual(hundredths * total(values))
      }),
    )
  })
})

test('entropy of few observations is corrected by half the kinds over their number', () => {
  expect(shannonMillerMadow([7, 0, 0])).toBe(0)
  near(shannonMillerMadow([1, 1]), Math.LN2 + 1 / 4, 1e-15)
  const counts = [4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1]
  const plain = -total(counts.filter((n) => n > 0).map((n) => (n / 19) * Math.log(n / 19)))
  near(shannonMillerMadow(counts), plain + 7 / 38, 1e-14)
})

test('responsibility is shared by how many could have been spared', () => {
  expect([3, 4, 5].map((winners) => responsibility(winners, 3))).toEqual([1, 1 / 2, 1 / 3])
})

test('the rank of a region is bounded by what flows in', () => {
  near(pageRankBound({ alpha: 0.15, flow: 0.01 }), 0.85 / 15, 1e-15)
  expect(pageRankBound({ alpha: 1, flow: 3 })).toBe(0)
  // A region of one that hangs on half of one node of two: its rank by iteration is under the bound of the flow over that edge.
  const alpha = 0.15
  let [inside, outside] = [0, 1]
  for (let i = 0; i < 500; i++)
    [inside, outside] = [(1 - alpha) * (inside + outside / 2), alpha + (1 - alpha) * (outside / 2)]
  near(inside, pageRankBound({ alpha, flow: outside / 2 }), 1e-12)
})
