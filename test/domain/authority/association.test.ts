import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { permutationTest, spearman, spearmanTest } from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const seed = new Uint8Array(32).fill(1)
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function pearson(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [meanOf(x), meanOf(y)]
  const product = (a: readonly number[], m: number, b: readonly number[], n: number) =>
    a.reduce((sum, value, i) => sum + (value - m) * (b[i]! - n), 0)
  return product(x, meanX, y, meanY) / Math.sqrt(product(x, meanX, x, meanX) * product(y, meanY, y, meanY))
}

/** How many are less, and half of those that are equal. */
const ranks = (values: readonly number[]) =>
  values.map((a) => values.filter((b) => b < a).length + (values.filter((b) => b === a).length + 1) / 2)

describe('Spearman’s correlation', () => {
  test('is what is published: IQ and television, −29/165; SciPy’s example with a tie, 0.8207826816681233', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    near(spearman(iq, hours).rho, -29 / 165, 1e-15)
    near(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]).rho, 0.8207826816681233, 1e-15)
  })

  test('is Pearson’s of mean ranks, ties and all', () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), {
      minLength: 2,
    })
    fc.assert(
      fc.property(values, (pairs) => {
        const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
        fc.pre(new Set(x).size > 1 && new Set(y).size > 1)
        const { rho } = spearman(x, y)
        near(rho, pearson(ranks(x), ranks(y)), 1e-12)
        expect(Math.abs(rho)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('is 1 of what rises together, whatever the scale, and −1 of the reverse', () => {
    expect(spearman([1, 2, 3, 10], [-5, 0, 1e9, 2e9]).rho).toBe(1)
    expect(spearman([1, 2, 3, 10], [4, 3, 2, 1]).rho).toBe(-1)
  })
})

describe('the permutation test', () => {
  const statistic = (x: number[], y: number[]) => spearman(x, y).rho

  test.each([[[1, 2, 3, 4]], [[2, 1, 3, 4]], [[3, 1, 4, 2]], [[1, 1, 3, 1]]])(
    'of 1 2 3 4 and %j gives the part of all orders that reach it',
    (y) => {
      const [x, rounds] = [[1, 2, 3, 4], 20_000]
      const observed = Math.abs(statistic(x, y))
      const all = permutationsOf(y).map((order) => Math.abs(statistic(x, order)))
      const part = all.filter((rho) => rho >= observed - 1e-9).length / all.length
      near(permutationTest(x, y, { statistic, rounds, seed }).p, part, 4 * Math.sqrt((part * (1 - part)) / rounds))
    },
  )

  test('is never 0, and 1 where every order does as well', () => {
    const many = Array.from({ length: 30 }, (_, i) => i)
    expect(permutationTest(many, many, { statistic, rounds: 99, seed }).p).toBe(1 / 100)
    expect(permutationTest(many, many, { statistic: () => 0, rounds: 99, seed }).p).toBe(1)
    // In double precision 0.1 + 0.2 + 0.3 is more than 0.3 + 0.2 + 0.1.
    const added = (_: number[], y: number[]) => y.reduce((sum, value) => sum + value, 0)
    expect(permutationTest([1, 2, 3], [0.1, 0.2, 0.3], { statistic: added, rounds: 99, seed }).p).toBe(1)
  })

  test('counts both directions alike', () => {
    const [x, y] = [
      [1, 2, 3, 4, 5, 6],
      [2, 1, 3, 5, 4, 6],
    ]
    const negated = permutationTest(x, y, { statistic: (a, b) => -statistic(a, b), rounds: 500, seed })
    expect(negated).toEqual(permutationTest(x, y, { statistic, rounds: 500, seed }))
  })

  test('gives the same for the same seed, changes nothing, and is quick for ranks', () => {
    const [x, y] = [
      [5, 3, 8, 1, 9, 2, 2],
      [4, 4, 7, 0, 6, 3, 1],
    ]
    const { rho, p } = spearmanTest(x, y, { rounds: 2_000, seed })
    expect({ p }).toEqual(permutationTest(x, y, { statistic, rounds: 2_000, seed }))
    expect({ rho }).toEqual(spearman(x, y))
    expect(y).toEqual([4, 4, 7, 0, 6, 3, 1])
    expect(spearmanTest(x, y, { rounds: 2_000, seed: new Uint8Array(32) }).p).not.toBe(p)
  })
})

function permutationsOf(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]]
  return values.flatMap((first, i) => permutationsOf(values.toSpliced(i, 1)).map((rest) => [first, ...rest]))
}
