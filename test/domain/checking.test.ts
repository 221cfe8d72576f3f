import { describe, expect, test } from 'vitest'
import { seededRandomBytes } from '../../src/adapters/memory/random.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import {
  boundedCheck,
  checkProbability,
  defaultCheck,
  drawCheck,
  drawInvited,
  INVITED,
  type Candidate,
} from '../../src/domain/checking.ts'
import { UNKNOWN, withSeen, type Standing } from '../../src/domain/standing.ts'
import { chanceFrom } from '../../src/peer/draw-chance.ts'

const charter = FIRST_CHARTER
const { probation, streak, auditFloor } = charter.verification
const work = { model: 'm', engine: 'cpu' } as const
const right = (count: number, before: Standing = UNKNOWN, model = 'm'): Standing =>
  Array.from({ length: count }).reduce<Standing>(
    (now) => withSeen(now, { type: 'right', model, engine: 'cpu' }),
    before,
  )
const lost = (count: number, before: Standing = UNKNOWN): Standing =>
  Array.from({ length: count }).reduce<Standing>((now) => withSeen(now, { type: 'lost', for: 'claim' }), before)
const someone = (peer: string, standing: Standing): Candidate => ({ peer, engine: 'cpu', standing })
const chance = () => chanceFrom(seededRandomBytes('checking'))

test('an ask is checked as the charter says, within what a job can carry', () => {
  expect(defaultCheck(charter)).toEqual({ mode: 'replicated', replication: 3 })
  expect(boundedCheck({ mode: 'replicated', replication: 99 })).toEqual({ mode: 'replicated', replication: 11 })
  expect(boundedCheck({ mode: 'adaptive' })).toEqual({ mode: 'adaptive' })
})

describe('a result is checked', () => {
  test('always, on probation and before the streak on its model and engine', () => {
    expect(checkProbability(UNKNOWN, work, charter)).toBe(1)
    expect(checkProbability(right(probation - 1), work, charter)).toBe(1)
    expect(checkProbability(right(probation, UNKNOWN, 'another'), work, charter)).toBe(1)
    expect(checkProbability(right(streak - 1, right(probation, UNKNOWN, 'another')), work, charter)).toBe(1)
    expect(checkProbability(right(probation * 5), { ...work, engine: 'gpu' }, charter)).toBe(1)
  })

  test('then with 1 / streak, and never less than the floor', () => {
    const known = right(probation, UNKNOWN, 'another')
    expect(checkProbability(right(streak, known), work, charter)).toBe(1 / streak)
    expect(checkProbability(right(streak + 5, known), work, charter)).toBe(1 / (streak + 5))
    expect(checkProbability(right(10_000, known), work, charter)).toBe(auditFloor)
  })

  test('always again, once it lost', () => {
    expect(checkProbability(lost(1, right(10_000)), work, charter)).toBe(1)
  })
})

describe('an adaptive offer invites', () => {
  const known = Array.from({ length: 6 }, (_, i) => someone(`known ${i}`, right(probation)))
  const begun = Array.from({ length: 6 }, (_, i) => someone(`begun ${i}`, right(3)))
  const unseen = Array.from({ length: 30 }, (_, i) => someone(`unseen ${i}`, UNKNOWN))
  const draws = (candidates: readonly Candidate[], times: number) => {
    const drawn = chance()
    return Array.from({ length: times }, () => drawInvited(candidates, { model: 'm', charter, chance: drawn }))
  }
  const share = (lists: readonly (readonly string[])[], kind: string) =>
    lists.flat().filter((peer) => peer.startsWith(kind)).length / lists.flat().length

  test('so many different keys, or all there are', () => {
    for (const list of draws([...known, ...begun, ...unseen], 200)) expect(new Set(list).size).toBe(INVITED)
    expect(draws(known.slice(0, 2), 1)[0]?.toSorted()).toEqual(['known 0', 'known 1'])
    expect(draws([], 1)).toEqual([[]])
  })

  test('those who are known first, with a small share for those on probation, and of them for those never seen', () => {
    const lists = draws([...known, ...begun, ...unseen], 4_000)
    expect(share(lists, 'known')).toBeGreaterThan(0.96)
    expect(share(lists, 'begun')).toBeGreaterThan(0.02)
    expect(share(lists, 'unseen')).toBeGreaterThan(0)
    expect(share(lists, 'unseen')).toBeLessThan(0.005)
  })

  test('in a room of strangers, those of whom something is known: a few are soon known well', () => {
    expect(share(draws([...begun, ...unseen], 500), 'begun')).toBeGreaterThan(0.9)
  })

  test('who lost half as often with each loss, and never not at all', () => {
    const [fresh, once, often] = [someone('fresh', UNKNOWN), someone('once', lost(1)), someone('often', lost(1_000))]
    const drawn = chance()
    const firsts = Array.from(
      { length: 8_000 },
      () => drawInvited([fresh, once, often], { model: 'm', charter, chance: drawn })[0],
    )
    const count = (peer: string) => firsts.filter((first) => first === peer).length
    expect(count('fresh') / count('once')).toBeGreaterThan(1.7)
    expect(count('fresh') / count('once')).toBeLessThan(2.3)
    expect(count('often')).toBeGreaterThan(100)
    const beside = draws([...known, someone('often', lost(1_000))], 4_000)
    expect(share(beside, 'often')).toBeGreaterThan(0)
    expect(share(beside, 'often')).toBeLessThan(0.005)
  })
})

describe('which check', () => {
  const kinds = (options: Parameters<typeof drawCheck>[0]) => {
    const drawn = chance()
    return new Set(Array.from({ length: 200 }, () => drawCheck(options, drawn)))
  }

  test('on a small model either, on a large one an audit', () => {
    expect(kinds({ auditors: 3, ownRun: { modelBytes: 1 << 20 } })).toEqual(new Set(['audit', 'rerun']))
    expect(kinds({ auditors: 3, ownRun: { modelBytes: 1 << 30, measuredMs: 20 } })).toEqual(new Set(['audit', 'rerun']))
    expect(kinds({ auditors: 3, ownRun: { modelBytes: 1 << 30 } })).toEqual(new Set(['audit']))
    expect(kinds({ auditors: 3, ownRun: { modelBytes: 1 << 20, measuredMs: 9_000 } })).toEqual(new Set(['audit']))
  })

  test('what there is, where there is but one or none', () => {
    expect(kinds({ auditors: 3, ownRun: undefined })).toEqual(new Set(['audit']))
    expect(kinds({ auditors: 0, ownRun: { modelBytes: 1 << 30, measuredMs: 9_000 } })).toEqual(new Set(['rerun']))
    expect(kinds({ auditors: 0, ownRun: undefined })).toEqual(new Set(['none']))
  })
})
