import { describe, expect, test } from 'vitest'
import { chanceFrom } from '../../../src/domain/authority/index.ts'
import { erfc, exp, ln } from '../../../src/domain/authority/logarithm.ts'
import { normalQuantile, twoSided } from '../../../src/domain/authority/normal.ts'
import { hashBytes, hex } from '../../../src/domain/hash.ts'
import { near } from './near.ts'

const draws = chanceFrom(new Uint8Array(32), 'logarithms')
const points = Array.from({ length: 4_000 }, () => draws.unit())

describe('logarithm and exponential', () => {
  test('have the bits that every engine must have', () => {
    const values = points.flatMap((x) => [ln(x), ln(x * 1e6), exp(x), exp(-40 * x), erfc(3 * x), normalQuantile(x)])
    expect(hex(hashBytes(new Uint8Array(Float64Array.from(values).buffer)))).toMatchInlineSnapshot(
      `"859211ab790e71dd4b30ed08d79dd0e13e64ac1b327866d116f12459ea189024"`,
    )
  })

  test('lie within a unit in the last place of this engine’s own', () => {
    for (const x of points) {
      expect(Math.abs(ln(x) / Math.log(x) - 1)).toBeLessThanOrEqual(2 ** -52)
      expect(Math.abs(exp(20 * x - 10) / Math.exp(20 * x - 10) - 1)).toBeLessThanOrEqual(2 ** -52)
    }
    expect([ln(1), exp(0), ln(0), exp(-Infinity), exp(-1e4)]).toEqual([0, 1, -Infinity, 0, 0])
  })
})

describe('the normal distribution', () => {
  test('has the quantiles of the tables', () => {
    near(
      [0.5, 0.975, 0.995, 0.9].map(normalQuantile),
      [0, 1.959963984540054, 2.575829303548901, 1.2815515655446004],
      1e-15,
    )
    near(normalQuantile(0.025), -1.959963984540054, 1e-15)
    // Wichura 1988, the check values of AS 241.
    near([0.25, 0.001, 1e-20].map(normalQuantile), [-0.6744897501960817, -3.0902323061678, -9.2623400897984], 1e-12)
  })

  test('has them where its tails say, out to the last', () => {
    for (const p of [0.4, 0.1, 0.0749, 0.01, 1e-5, 1e-10, 1.4e-11, 1e-12, 1e-40, 1e-200, 1e-300])
      near(erfc(-normalQuantile(p) * Math.SQRT1_2) / 2 / p, 1, 1e-12)
  })

  test('has the two-sided p of the tables', () => {
    expect(twoSided(0)).toBe(1)
    near([1.959963984540054, -1.959963984540054, 2.575829303548901].map(twoSided), [0.05, 0.05, 0.01], 1e-15)
    near([1, -1, 3].map(twoSided), [0.3173105078629141, 0.3173105078629141, 0.0026997960632602], 1e-15)
  })
})
