import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { hashBytes, hex } from '../../src/domain/hash.ts'
import { simulateRoom, type SimulatedAnswer } from '../../src/sim/simulate-room.ts'

const adaptive = { mode: 'adaptive' } as const
const { auditFloor } = FIRST_CHARTER.verification
const checks = (answers: readonly SimulatedAnswer[]) => answers.map(({ checked }) => checked?.by)

describe('adaptive asks in a simulated room', { timeout: 240_000 }, () => {
  test('come to cost little, once a few tabs are known', async () => {
    const { answers } = await simulateRoom({ seed: 'known', peers: 16, asks: 300, askers: 1, check: adaptive })
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['one-tab']))
    expect(answers[0]?.checked).toMatchObject({ streak: 0, probability: 1, agrees: true })
    expect(new Set(checks(answers.slice(0, 60)))).toEqual(new Set(['audit', 'rerun']))
    const last = answers.slice(-40)
    expect(last.filter(({ checked }) => checked?.probability === auditFloor).length).toBeGreaterThan(20)
    expect(checks(last).filter((by) => by === 'none').length).toBeGreaterThan(20)
    expect(answers.every(({ checked }) => checked?.probability !== 1 || checked.agrees === true)).toBe(true)
  })

  test('run the same way from the same seed, contests included, to the byte of every receipt', async () => {
    const faults = { 2: { kind: 'scale', factor: 1.01 }, 4: { kind: 'stall', at: 'reveal' } } as const
    const room = { seed: 'same', peers: 12, asks: 30, askers: 2, faults, check: adaptive }
    const run = async () => {
      const { answers, receipts } = await simulateRoom(room)
      return { answers, receipts: receipts.map((receipt) => hex(hashBytes(receipt))) }
    }
    const once = await run()
    expect(once.answers.some(({ checked }) => checked?.agrees === false)).toBe(true)
    expect(await run()).toEqual(once)
  })

  test('of tabs that are wrong are settled by the canon, and no wrong answer is returned while all are checked', async () => {
    const wrong = [3, 7, 11]
    const faults = Object.fromEntries(wrong.map((peer) => [peer, { kind: 'scale', factor: 1.01 } as const]))
    const { answers } = await simulateRoom({ seed: 'wrong', peers: 14, asks: 60, askers: 1, faults, check: adaptive })
    const caught = answers.filter(({ checked }) => checked?.agrees === false)
    expect(caught.length).toBeGreaterThan(2)
    expect(caught.every(({ state }) => state === 'settled' || state === 'proven')).toBe(true)
    expect(caught.every(({ deciders }) => deciders.some((decider) => wrong.includes(decider)))).toBe(true)
    const unopposed = answers.filter(({ state }) => state === 'one-tab')
    expect(unopposed.flatMap(({ deciders }) => deciders).some((decider) => wrong.includes(decider))).toBe(false)
    // Whoever lost begins anew, and is seldom asked.
    expect(answers.slice(-20).filter(({ checked }) => checked?.agrees === false).length).toBeLessThan(5)
  })

  test('whose audits nobody answers are checked by the asker itself', async () => {
    const faults = { 2: { kind: 'silent' } } as const
    const { answers } = await simulateRoom({ seed: 'silent', peers: 3, asks: 8, askers: 1, faults, check: adaptive })
    expect(answers.map(({ deciders }) => deciders)).toEqual(Array.from({ length: 8 }, () => [1]))
    expect(new Set(checks(answers))).toEqual(new Set(['rerun']))
    expect(answers.some(({ totalMs }) => totalMs > 4_000)).toBe(true)
  })

  test('of GPUs alone: that two of them agree makes neither known, the own run of the canon does', async () => {
    const { answers } = await simulateRoom({
      seed: 'gpus',
      peers: 8,
      gpus: 7,
      asks: 40,
      askers: 1,
      inFlight: 1,
      check: adaptive,
    })
    const reruns = new Map<number, number>()
    for (const { deciders, checked } of answers) {
      const [executor = -1] = deciders
      expect(checked?.agrees).toBe(true)
      expect(checked?.streak).toBe(reruns.get(executor) ?? 0)
      if (checked?.by === 'rerun') reruns.set(executor, (reruns.get(executor) ?? 0) + 1)
    }
    expect(reruns.size).toBeGreaterThan(2)
  })
})
