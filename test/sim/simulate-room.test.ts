import { describe, expect, test } from 'vitest'
import { checkReceipt } from '../../src/domain/check-receipt.ts'
import { readReceipt } from '../../src/domain/receipt.ts'
import { simulateRoom, type SimulationInit } from '../../src/sim/simulate-room.ts'
import { STAND_IN_CHARTER, verifyStandIn } from '../../src/sim/stand-ins.ts'

describe('a simulated room', { timeout: 300_000 }, () => {
  const small: SimulationInit = {
    seed: 'one',
    peers: 12,
    asks: 30,
    gpus: 4,
    faults: { 3: { kind: 'scale', factor: 1.01 }, 5: { kind: 'silent' } },
    crashes: { 4: 'before', 9: 'after' },
  }

  test('runs the same way from the same seed, to the byte of every receipt, and another way from another', async () => {
    const [once, again, other] = [
      await simulateRoom(small),
      await simulateRoom(small),
      await simulateRoom({ ...small, seed: 'two' }),
    ]
    expect(again).toEqual(once)
    expect(other.answers).not.toEqual(once.answers)
    expect(new Set(once.answers.map(({ state }) => state))).toContain('agreed-rounding')
  })

  test('makes receipts that hold in every point', async () => {
    const { receipts } = await simulateRoom({ ...small, asks: 8 })
    expect(receipts).toHaveLength(8)
    for (const receipt of receipts) {
      const { checks } = await checkReceipt(readReceipt(receipt), verifyStandIn, [STAND_IN_CHARTER])
      expect(checks.filter((check) => check.holds !== true)).toEqual([])
    }
  })

  test('of 30 loses none of 200 asks while executors crash before and after all are bound', async () => {
    const crashes = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [i * 10, i % 2 === 0 ? 'before' : 'after'] as const),
    )
    const { answers, crashed } = await simulateRoom({ seed: 'crashes', peers: 30, asks: 200, crashes })
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['agreed']))
    expect(answers.every(({ deciders }) => deciders.length === 3)).toBe(true)
    expect(crashed).toHaveLength(20)
    // Whoever crashed unbound was replaced; where somebody was bound the ask began anew.
    const repeated = answers.filter(({ attempt }) => attempt > 1).map(({ ask }) => ask)
    const after = [10, 30, 50, 70, 90, 110, 130, 150, 170, 190]
    expect(repeated).toEqual(expect.arrayContaining(after))
    // Asks that were under way beside it may have had the same executor bound: never more of them than crashes.
    expect(repeated.length).toBeLessThanOrEqual(crashed.length)
  })

  test('never agrees with an executor that perturbs its output', async () => {
    const liars = [2, 6, 10]
    const faults = Object.fromEntries(
      liars.map((liar, i) => [liar, { kind: 'scale', factor: 1.01 + i / 100 } as const]),
    )
    const { answers } = await simulateRoom({ seed: 'liars', peers: 12, asks: 100, gpus: 3, faults })
    const withLiar = answers.filter(({ deciders }) => deciders.some((decider) => liars.includes(decider)))
    expect(withLiar.length).toBeGreaterThan(20)
    // Each liar asserts what it computes: its operator is run again.
    expect(new Set(withLiar.map(({ state }) => state))).toEqual(new Set(['proven']))
    const honest = answers.filter((answer) => !withLiar.includes(answer))
    expect(honest.every(({ state }) => state.startsWith('agreed'))).toBe(true)
  })
})
