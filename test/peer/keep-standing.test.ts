import { describe, expect, test } from 'vitest'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { streakOf, UNKNOWN } from '../../src/domain/standing.ts'
import { Standings } from '../../src/peer/keep-standing.ts'
import type { RecordStore } from '../../src/ports/record-store.ts'

const right = { type: 'right', model: 'm', engine: 'cpu' } as const
const lost = { type: 'lost', for: 'withheld' } as const

const opened = async (records: RecordStore): Promise<Standings> => {
  const standings = new Standings(records)
  await standings.load()
  return standings
}

describe('what was seen of others', () => {
  test('is there after a reload, and nothing of whom nothing was seen', async () => {
    const records = memoryRecords()
    const before = await opened(records)
    for (const seen of [right, right, lost, right]) before.note('ben', seen)
    await before.written()
    const after = await opened(records)
    expect(after.of('ben')).toEqual({ checked: 1, streaks: { 'cpu m': 1 }, losses: { withheld: 1 } })
    expect(after.of('cat')).toEqual(UNKNOWN)
  })

  test('counts at once, and after everything was written', async () => {
    const standings = await opened(memoryRecords())
    for (let i = 1; i <= 5; i++) {
      standings.note('ben', right)
      expect(streakOf(standings.of('ben'), 'm', 'cpu')).toBe(i)
    }
    await standings.written()
    expect(standings.of('ben').checked).toBe(5)
  })

  test('is shared by the tabs of a browser: what one saw lost, the other cannot make unseen', async () => {
    const records = memoryRecords()
    const [one, other] = [await opened(records), await opened(records)]
    one.note('ben', right)
    await one.written()
    other.note('ben', lost)
    await other.written()
    one.note('ben', right)
    await one.written()
    expect(one.of('ben').losses).toEqual({ withheld: 1 })
    expect((await opened(records)).of('ben').losses).toEqual({ withheld: 1 })
  })

  test('is bounded: who was not heard of for longest is forgotten, after a reload too', async () => {
    const records = memoryRecords()
    const before = await opened(records)
    for (let i = 0; i < 2_048; i++) before.note(`peer ${i}`, right)
    await before.written()
    const after = await opened(records)
    after.note('peer 0', right)
    after.note('one more', right)
    await after.written()
    expect(after.of('peer 1')).toEqual(UNKNOWN)
    expect(after.of('peer 0').checked).toBe(2)
    expect(await records.all()).toHaveLength(2_048)
  })

  test('is not believed where no version of this app wrote it', async () => {
    const records = memoryRecords()
    await records.put('ben', { checked: 1e9, streaks: { 'cpu m': -1 }, losses: {}, turn: 0 })
    await records.put('cat', 'trusted')
    await records.put('dan', { checked: 3, streaks: {}, losses: { charm: 1 }, turn: 0 })
    const standings = await opened(records)
    expect(['ben', 'cat', 'dan'].map((peer) => standings.of(peer))).toEqual([UNKNOWN, UNKNOWN, UNKNOWN])
    standings.note('cat', right)
    await standings.written()
    expect((await opened(records)).of('cat').checked).toBe(1)
  })

  test('is known for as long as the tab lives where nothing can be stored', async () => {
    const full = () => Promise.reject(new Error('the disk is full'))
    const standings = await opened({ all: full, get: full, put: full, delete: full })
    standings.note('ben', right)
    await standings.written()
    expect(standings.of('ben').checked).toBe(1)
  })
})
