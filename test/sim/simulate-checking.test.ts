import { describe, expect, test } from 'vitest'
import { executionsPerAnswer, simulateChecking, type CheckingInit } from '../../src/sim/simulate-checking.ts'

const twenty: CheckingInit = { seed: 'one', executors: 20, faulty: 0.1, wrongIn: 0.1, answers: 10_000 }

describe('checks that cost little', { timeout: 240_000 }, () => {
  test('come out the same way from the same seed, and another way from another', () => {
    const short = { ...twenty, answers: 500 }
    expect(simulateChecking(short)).toEqual(simulateChecking(short))
    expect(simulateChecking({ ...short, seed: 'two' })).not.toEqual(simulateChecking(short))
  })

  test.each([
    ['one', 0.1],
    ['two', 0.1],
    ['one', 1],
  ])(
    'from seed %s, executors wrong in %d of their jobs: 1.1 executions per answer, 1 wrong in 1,000',
    (seed, wrongIn) => {
      const { probation, after, refuted } = simulateChecking({ ...twenty, seed, wrongIn })
      expect(after.answers).toBe(10_000)
      expect(executionsPerAnswer(after)).toBeLessThanOrEqual(1.1)
      expect(after.wrong).toBeLessThanOrEqual(10)
      expect(probation.answers).toBeGreaterThan(40)
      expect(executionsPerAnswer(probation)).toBeLessThanOrEqual(2.5)
      expect(refuted.faulty).toBeGreaterThan(0)
      expect(refuted.honest).toBe(0)
    },
  )

  test('with everybody honest cost what audits cost, and refute nobody', () => {
    const { after, refuted } = simulateChecking({ ...twenty, faulty: 0, answers: 4_000 })
    expect(after).toMatchObject({ wrong: 0, settling: 0, reruns: 0, primaries: 4_000 })
    expect(executionsPerAnswer(after)).toBeLessThanOrEqual(1.1)
    expect(refuted).toEqual({ faulty: 0, honest: 0 })
  })

  test('by an asker that runs the model itself find colluders whom their auditors cover', () => {
    const everybodyElse = { ...twenty, executors: 10, faulty: 1, wrongIn: 1, colluding: true, answers: 200 }
    const alone = simulateChecking(everybodyElse)
    expect(alone.after.wrong).toBe(200)
    const { refuted } = simulateChecking({ ...everybodyElse, faulty: 0.5, ownRuns: true })
    expect(refuted.faulty).toBeGreaterThan(0)
    expect(refuted.honest).toBe(0)
  })

  test('count what vanishes: an execution that is asked again is paid for twice', () => {
    const { after } = simulateChecking({ ...twenty, faulty: 0, vanishing: 0.25, answers: 1_000 })
    expect(after.primaries).toBeGreaterThan(1_200)
  })

  test('work in rooms of thousands: each asker knows a few tabs soon', () => {
    const { probation, after } = simulateChecking({ ...twenty, executors: 2_000, answers: 400 })
    expect(probation.answers).toBeLessThan(1_000)
    expect(executionsPerAnswer(after)).toBeLessThanOrEqual(1.15)
  })
})
