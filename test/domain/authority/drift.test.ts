import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cusum, mannKendall } from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

function permutationsOf(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]]
  return values.flatMap((first, i) => permutationsOf(values.toSpliced(i, 1)).map((rest) => [first, ...rest]))
}

describe('the Mann-Kendall test', () => {
  test('has the mean 0 and the variance of all orders of the series, ties and all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 2, maxLength: 6 }), (series) => {
        const scores = permutationsOf(series).map((order) => mannKendall(order).S)
        const mean = scores.reduce((sum, S) => sum + S, 0) / scores.length
        const variance = scores.reduce((sum, S) => sum + S * S, 0) / scores.length
        near([mean, mannKendall(series).variance], [0, variance], 1e-9)
      }),
      { numRuns: 30 },
    )
  })

  test('of ten that rise is S = 45 at Z = 44/√125', () => {
    const rising = Array.from({ length: 10 }, (_, i) => i * i)
    const { S, variance, Z, p } = mannKendall(rising)
    near([S, variance, Z, p], [45, 125, 44 / Math.sqrt(125), 8.303e-5], 1e-8)
    expect(mannKendall(rising.toReversed())).toEqual({ S: -45, variance, Z: -Z, p })
  })

  test('sees nothing in what does not move, nor in one step', () => {
    expect(mannKendall([3, 3, 3, 3])).toEqual({ S: 0, variance: 0, Z: 0, p: 1 })
    expect(mannKendall([1, 2])).toEqual({ S: 1, variance: 1, Z: 0, p: 1 })
  })

  test('gives p near that of all orders', () => {
    const series = [1, 2, 5, 3, 4, 7, 6]
    const { S, p } = mannKendall(series)
    const all = permutationsOf([...series.keys()]).map((order) => Math.abs(mannKendall(order).S))
    near(p, all.filter((other) => other >= S).length / all.length, 0.01)
  })
})

/** NIST/SEMATECH e-Handbook, 6.3.2.3: target 325, k = 0.3175, h = 4.1959. */
const NIST = {
  series: [
    324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15, 328.325,
    327.25, 327.829, 328.5, 326.675, 327.775, 326.875, 328.35,
  ],
  lower: [0, 0.0075, 0, 0.3325, 0, 0, 0.5575, 0.715, 0.1725, 0.255, 0.3125, ...Array.from({ length: 9 }, () => 0)],
}

describe('the CUSUM', () => {
  const init = { target: 325, k: 0.3175, h: 4.1959 }

  test('has the lower side that NIST prints, and alarms from the fourteenth to the last', () => {
    const { lower, alarms } = cusum(NIST.series, init)
    near(lower, NIST.lower)
    expect(alarms).toEqual([14, 15, 16, 17, 18, 19, 20])
  })

  test('of the mirrored series has its sides exchanged', () => {
    const { upper, lower, alarms } = cusum(NIST.series, init)
    const mirrored = cusum(
      NIST.series.map((value) => 650 - value),
      init,
    )
    near(mirrored.lower, upper)
    near(mirrored.upper, lower)
    expect(mirrored.alarms).toEqual(alarms)
  })

  test('alarms only past the limit, and forgets what lies within the slack', () => {
    expect(cusum([1, 1, 1], { target: 0, k: 0, h: 2 })).toEqual({ upper: [1, 2, 3], lower: [0, 0, 0], alarms: [3] })
    expect(cusum([1, -1, 1, -1], { target: 0, k: 1, h: 0 })).toEqual({
      upper: [0, 0, 0, 0],
      lower: [0, 0, 0, 0],
      alarms: [],
    })
    expect(cusum([-3, 4], { target: 0, k: 0.5, h: 2 })).toEqual({ upper: [0, 3.5], lower: [2.5, 0], alarms: [1, 2] })
  })
})
