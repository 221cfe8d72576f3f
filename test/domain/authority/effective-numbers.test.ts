import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  effectiveDeciders,
  effectiveNumber,
  golosov,
  herfindahl,
  hillNumber,
  kish,
  laaksoTaagepera,
} from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const amounts = fc
  .array(fc.nat(1000), { minLength: 2, maxLength: 40 })
  .filter((values) => values.some((value) => value > 0))
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

describe('effective numbers', () => {
  test('are those of parliaments: Commons 2010, 2.57 (Gallagher’s indices)', () => {
    expect(effectiveNumber([307, 258, 57, 8, 6, 5, 3, 3, 1, 1, 1])).toBeCloseTo(2.57, 2)
  })

  test('of n equals are n, of one alone are 1', () => {
    for (const n of [1, 2, 7, 100]) {
      const equal = Array.from({ length: n }, () => 1 / n)
      for (const measure of [laaksoTaagepera, golosov, effectiveNumber, kish]) near(measure(equal), n, 1e-11)
      for (const order of [0, 0.5, 1, 2, 3.7, Infinity]) near(hillNumber(equal, order), n, 1e-11)
      near(herfindahl(equal), 1 / n, 1e-15)
    }
    for (const measure of [laaksoTaagepera, golosov, herfindahl]) expect(measure([0, 1, 0])).toBe(1)
  })

  test('of higher order are never more, and none is more than there are', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const numbers = [0, 0.3, 0.999, 1, 1.001, 2, 5, 60, Infinity].map((order) => hillNumber(values, order))
        expect(numbers[0]).toBe(values.filter((value) => value > 0).length)
        expect(numbers.at(-1)).toBeCloseTo(total(values) / Math.max(...values), 12)
        for (const [i, number] of numbers.entries())
          if (i > 0) expect(number).toBeLessThanOrEqual(numbers[i - 1]! * (1 + 1e-9))
        expect(numbers.at(-1)).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  test('agree with the formula of every order, near 1 too', () => {
    const [values, shares] = [
      [5, 3, 2],
      [0.5, 0.3, 0.2],
    ]
    for (const order of [0.25, 1.5, 3, 10]) {
      const byHand = Math.pow(total(shares.map((p) => Math.pow(p, order))), 1 / (1 - order))
      near(hillNumber(values, order), byHand, 1e-13)
    }
    for (const off of [1e-4, 1e-6, 1e-8, 1e-9, -1e-9, -1e-6])
      near(hillNumber(values, 1 + off), hillNumber(values, 1), Math.abs(off) + 1e-7)
    near(hillNumber([1, 1e-300], 1000), 1, 1e-12)
  })

  test('are Golosov’s in the form of his paper, Σ 1 / (1 + p_max²/p − p), with nobody who has nothing', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const shares = values.filter((value) => value > 0).map((value) => value / total(values))
        const most = Math.max(...shares)
        near(golosov([...shares, 0]), total(shares.map((p) => 1 / (1 + most ** 2 / p - p))), 1e-11)
      }),
    )
  })
})

describe('effective deciders', () => {
  test('are one over the chance that two seats are one peer’s', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }), (seats) => {
        const holders = seats.flatMap((m, peer) => Array.from({ length: m }, () => peer))
        fc.pre(holders.length >= 2)
        const pairs = holders.flatMap((a, i) => holders.slice(i + 1).map((b) => a === b))
        const same = pairs.filter(Boolean).length
        const expected = same === 0 ? Infinity : pairs.length / same
        if (expected === Infinity) expect(effectiveDeciders(seats)).toBe(Infinity)
        else near(effectiveDeciders(seats), expected, 1e-12)
      }),
    )
  })

  test('have no bound where nobody sat twice', () => {
    expect(effectiveDeciders([1, 1, 1, 0])).toBe(Infinity)
    expect(effectiveDeciders([2, 0])).toBe(1)
    expect(effectiveDeciders([20, 20])).toBeCloseTo(39 / 19, 12)
  })
})

test('Kish’s size is that of the formula, at any scale', () => {
  near(kish([1, 1, 1, 5, 10]), 18 ** 2 / 128, 1e-15)
  near(kish([1e200, 1e200, 5e200]), 49 / 27, 1e-14)
  near(kish([1e-200, 1e-200, 5e-200]), 49 / 27, 1e-14)
})
