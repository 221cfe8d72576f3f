import { describe, expect, test } from 'vitest'
import { blockBootstrapInterval, bootstrapInterval, chanceFrom } from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const seed = new Uint8Array(32).fill(5)
const init = { rounds: 4_000, seed, confidence: 0.95 }
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const meanAt = (values: readonly number[]) => (indices: Int32Array) => meanOf([...indices].map((i) => values[i]!))

describe('the bootstrap', () => {
  const draws = chanceFrom(seed, 'data')
  const values = Array.from({ length: 200 }, () => draws.unit())

  test('of a mean is as wide as its standard error says', () => {
    const { low, high } = bootstrapInterval(200, meanAt(values), init)
    const mean = meanOf(values)
    const error = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / 200)
    near([low, high], [mean - 1.96 * error, mean + 1.96 * error], error * 0.15)
  })

  test('narrows with less confidence, and is the same for the same seed', () => {
    const wide = bootstrapInterval(200, meanAt(values), init)
    const narrow = bootstrapInterval(200, meanAt(values), { ...init, confidence: 0.5 })
    expect(narrow.low).toBeGreaterThan(wide.low)
    expect(narrow.high).toBeLessThan(wide.high)
    expect(bootstrapInterval(200, meanAt(values), init)).toEqual(wide)
    expect(bootstrapInterval(200, meanAt(values), { ...init, seed: new Uint8Array(32) })).not.toEqual(wide)
  })

  test('leaves as many rounds below as above', () => {
    let round = 0
    const { low, high } = bootstrapInterval(1, () => round++, { ...init, rounds: 1_000 })
    expect([low, high]).toEqual([25, 974])
    expect(bootstrapInterval(1, () => 4, { ...init, rounds: 1 })).toEqual({ low: 4, high: 4 })
    expect(bootstrapInterval(2, () => Infinity, { ...init, rounds: 3 })).toEqual({ low: Infinity, high: Infinity })
  })

  test('draws every item, with replacement', () => {
    const seen = new Set<number>()
    let repeated = 0
    bootstrapInterval(
      10,
      (indices) => {
        for (const i of indices) seen.add(i)
        if (new Set(indices).size < 10) repeated++
        return indices.length
      },
      { ...init, rounds: 200 },
    )
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(repeated).toBeGreaterThan(190)
  })
})

describe('the block bootstrap', () => {
  test('draws neighbours: blocks of the length asked for, the last cut to fit', () => {
    const starts = new Set<number>()
    blockBootstrapInterval(
      10,
      (indices) => {
        expect(indices).toHaveLength(10)
        for (const [i, index] of indices.entries()) {
          expect(index).toBeLessThan(10)
          if (i % 4 === 0) starts.add(index)
          else expect(index).toBe(indices[i - 1]! + 1)
        }
        return 0
      },
      { ...init, rounds: 300, block: 4 },
    )
    expect([...starts].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('of its own accord takes blocks of the cube root', () => {
    const runs = (count: number) => {
      let together = 0
      const statistic = (indices: Int32Array) => {
        together += indices.filter((index, i) => i > 0 && index === indices[i - 1]! + 1).length
        return 0
      }
      blockBootstrapInterval(count, statistic, { ...init, rounds: 500 })
      return together / 500
    }
    // 27 in blocks of 3: 18 within blocks, and by chance a little more; 28 in blocks of 4: 21 and 6 edges.
    expect(runs(27)).toBeGreaterThan(18)
    expect(runs(27)).toBeLessThan(19)
    expect(runs(28)).toBeGreaterThan(21)
  })

  test('of what resembles its neighbours is wider than the plain one', () => {
    const draws = chanceFrom(seed, 'walk')
    let at = 0
    const walk = Array.from({ length: 200 }, () => (at = 0.95 * at + draws.unit() - 0.5))
    const width = ({ low, high }: { low: number; high: number }) => high - low
    const plain = width(bootstrapInterval(200, meanAt(walk), init))
    expect(width(blockBootstrapInterval(200, meanAt(walk), { ...init, block: 20 }))).toBeGreaterThan(1.8 * plain)
    expect(width(blockBootstrapInterval(200, meanAt(walk), { ...init, block: 1 }))).toBeLessThan(1.2 * plain)
  })
})
