import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import {
  isOnProbation,
  MAX_STREAKS,
  probationOf,
  streakOf,
  UNKNOWN,
  weightier,
  withSeen,
  type Standing,
} from '../../src/domain/standing.ts'

const { probation } = FIRST_CHARTER.verification
const right = (model = 'm', engine: 'cpu' | 'gpu' = 'cpu') => ({ type: 'right', model, engine }) as const
const times = (count: number, standing: Standing = UNKNOWN, model = 'm'): Standing =>
  Array.from({ length: count }).reduce<Standing>((now) => withSeen(now, right(model)), standing)

describe('what was seen of a key', () => {
  test('ends its probation with as many right results as the charter wants, on whatever models', () => {
    const nearly = times(probation - 1)
    expect(isOnProbation(nearly, FIRST_CHARTER)).toBe(true)
    expect(isOnProbation(withSeen(nearly, right('another', 'gpu')), FIRST_CHARTER)).toBe(false)
  })

  test('counts streaks for each model and engine apart', () => {
    const seen = [right(), right(), right('m', 'gpu'), right('n')].reduce(withSeen, UNKNOWN)
    expect(seen.checked).toBe(4)
    expect([streakOf(seen, 'm', 'cpu'), streakOf(seen, 'm', 'gpu'), streakOf(seen, 'n', 'cpu')]).toEqual([2, 1, 1])
    expect(streakOf(seen, 'n', 'gpu')).toBe(0)
  })

  test.each(['claim', 'assertion', 'contradiction', 'withheld', 'false-reveal'] as const)(
    'begins anew where it loses for a %s, on every model, and twice as long',
    (what) => {
      const lost = withSeen(times(probation * 3), { type: 'lost', for: what })
      expect(lost).toEqual({ checked: 0, streaks: {}, losses: { [what]: 1 } })
      expect(isOnProbation(times(probation, lost), FIRST_CHARTER)).toBe(true)
      expect(isOnProbation(times(2 * probation, lost), FIRST_CHARTER)).toBe(false)
    },
  )

  test('never asks for ever: whoever lost a thousand times can be known again', () => {
    const lost = Array.from({ length: 1_000 }).reduce<Standing>(
      (now) => withSeen(now, { type: 'lost', for: 'claim' }),
      UNKNOWN,
    )
    expect(probationOf(lost, FIRST_CHARTER)).toBe(16 * probation)
    expect(isOnProbation(times(16 * probation, lost), FIRST_CHARTER)).toBe(false)
  })

  test('keeps a bounded number of streaks, and drops the one that had no result for longest', () => {
    const models = Array.from({ length: MAX_STREAKS + 1 }, (_, i) => `model ${i}`)
    const seen = models.reduce<Standing>((now, model) => withSeen(now, right(model)), UNKNOWN)
    expect(Object.keys(seen.streaks)).toHaveLength(MAX_STREAKS)
    expect([streakOf(seen, 'model 0', 'cpu'), streakOf(seen, 'model 1', 'cpu')]).toEqual([0, 1])
    expect(seen.checked).toBe(MAX_STREAKS + 1)
  })

  test('by two tabs: a loss weighs more than any streak, then what is founded on more', () => {
    const lost = withSeen(times(3), { type: 'lost', for: 'claim' })
    expect(weightier(times(50), lost)).toBe(lost)
    expect(weightier(lost, times(50))).toBe(lost)
    const longer = times(9)
    expect(weightier(times(8), longer)).toBe(longer)
  })
})
