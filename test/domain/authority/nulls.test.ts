import { describe, expect, test } from 'vitest'
import {
  chanceFrom,
  effectiveDeciders,
  simulatedUniformNull,
  uniformNull,
  weightedNull,
} from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const seed = new Uint8Array(32).fill(9)
const counts = (peers: number) => Array.from({ length: peers }, () => 0)
const squares = (seats: readonly number[], total: number) => seats.reduce((sum, m) => sum + (m / total) ** 2, 0)
const inverse = (value: number) => 1 / value

describe('what chance alone gives', () => {
  test('is (n+M−1)/(nM) for seats on equal peers', () => {
    const draws = chanceFrom(seed, 'seats')
    const [peers, seats, rounds] = [50, 40, 4_000]
    let sum = 0
    for (let round = 0; round < rounds; round++) {
      const held = counts(peers)
      for (let seat = 0; seat < seats; seat++) held[draws.below(peers)]!++
      sum += squares(held, seats)
    }
    near(sum / rounds, uniformNull(peers, seats).expectedSumOfSquares, 5e-4)
    expect(uniformNull(1, 9)).toEqual({ expectedSumOfSquares: 1, looksLike: 1 })
    expect(uniformNull(9, 1).looksLike).toBe(1)
  })

  test('lies about the number of peers, once corrected, and the closer the more seats', () => {
    const few = simulatedUniformNull({ peers: 50, seats: 40, rounds: 2_000, seed })
    const many = simulatedUniformNull({ peers: 50, seats: 4_000, rounds: 200, seed })
    expect(few.low).toBeLessThan(50)
    expect(few.high).toBeGreaterThan(50)
    near(few.median, 50, 5)
    near(many.median, 50, 0.5)
    expect(many.high - many.low).toBeLessThan((few.high - few.low) / 10)
    expect(simulatedUniformNull({ peers: 50, seats: 40, rounds: 2_000, seed })).toEqual(few)
    expect(simulatedUniformNull({ peers: 50, seats: 40, rounds: 2_000, seed: new Uint8Array(32) })).not.toEqual(few)
  })

  test('holds the middle 95 % of the rounds', () => {
    const { low, median, high } = simulatedUniformNull({ peers: 20, seats: 60, rounds: 4_000, seed })
    const draws = chanceFrom(seed, 'others')
    const values = Array.from({ length: 4_000 }, () => {
      const held = counts(20)
      for (let seat = 0; seat < 60; seat++) held[draws.below(20)]!++
      return effectiveDeciders(held)
    })
    const part = (lies: (value: number) => boolean) => values.filter(lies).length / values.length
    near(
      part((value) => value < low),
      0.025,
      0.015,
    )
    near(
      part((value) => value > high),
      0.025,
      0.015,
    )
    expect(part((value) => value < median)).toBeLessThan(0.55)
    expect(part((value) => value > median)).toBeLessThan(0.55)
  })

  test('has no bound where two seats seldom meet', () => {
    const band = simulatedUniformNull({ peers: 1_000, seats: 2, rounds: 100, seed })
    expect(band).toEqual({ low: Infinity, median: Infinity, high: Infinity })
    expect(simulatedUniformNull({ peers: 1, seats: 9, rounds: 1, seed })).toEqual({ low: 1, median: 1, high: 1 })
  })

  test('of unequal weights lies about their effective number', () => {
    const weights = [8, 4, 2, 1, 0, 1]
    const expected = 16 ** 2 / (64 + 16 + 4 + 1 + 1)
    const band = weightedNull({ weights, seats: 2_000, rounds: 400, seed })
    near(band.median, expected, 0.02)
    expect(band.low).toBeLessThan(expected)
    expect(band.high).toBeGreaterThan(expected)
    expect(weightedNull({ weights: [0, 3, 0], seats: 5, rounds: 10, seed })).toEqual({ low: 1, median: 1, high: 1 })
    // Scaled by a power of two the draws fall alike.
    expect(weightedNull({ weights: weights.map((w) => w / 16), seats: 2_000, rounds: 400, seed })).toEqual(band)
  })

  test('of equal weights is that of equal peers', () => {
    const weighted = weightedNull({ weights: Array.from({ length: 50 }, () => 2), seats: 40, rounds: 4_000, seed })
    const uniform = simulatedUniformNull({ peers: 50, seats: 40, rounds: 4_000, seed })
    near(
      [weighted.low, weighted.median, weighted.high].map(inverse),
      [uniform.low, uniform.median, uniform.high].map(inverse),
      2e-3,
    )
  })
})

test('a neutral rule that feeds itself, Pólya’s urn, concentrates to (a+1)/(na+1), and the estimator sees it without bias', () => {
  const [peers, a, seats, rounds] = [10, 2, 60, 4_000]
  const draws = chanceFrom(seed, 'urn')
  let sum = 0
  for (let round = 0; round < rounds; round++) {
    const urn = Array.from({ length: peers * a }, (_, i) => i % peers)
    const held = counts(peers)
    for (let seat = 0; seat < seats; seat++) {
      const peer = urn[draws.below(urn.length)]!
      urn.push(peer)
      held[peer]!++
    }
    sum += 1 / effectiveDeciders(held)
  }
  near(sum / rounds, (a + 1) / (peers * a + 1), 3e-3)
})
