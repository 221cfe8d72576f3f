import { decode } from '@ipld/dag-cbor'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { INVITED } from '../../src/domain/checking.ts'
import type { Signed } from '../../src/domain/envelope.ts'
import { hash, hex } from '../../src/domain/hash.ts'
import { isKind, readMessage, type MessageOf, type Read } from '../../src/domain/messages.ts'
import { jobsTopic } from '../../src/protocols/jobs/constants.ts'
import { eventually } from '../kits/eventually.ts'
import { person } from '../kits/keys.ts'
import { aDigit, digits, openRoom, until, type Room } from '../kits/peers.ts'

const PATIENCE = { timeout: 60_000 }
const check = { mode: 'adaptive' } as const
const factor = 1.01

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const keeping = () => {
  const standing = memoryRecords()
  const others = {
    models: memoryRecords(),
    imports: memoryRecords(),
    opinions: memoryRecords(),
    charters: memoryRecords(),
  }
  const records = { ...others, standing }
  return { standing, components: { records } }
}

/** All offers that are gossiped in the room, as anybody hears them. */
async function listening(): Promise<Read<MessageOf<'offer'>>[]> {
  const offers: Read<MessageOf<'offer'>>[] = []
  const net = room.network.peer(person('a listener').peer)
  net.subscribe(jobsTopic(hex(hash('moot/room', 'story')).slice(0, 32)), (data) => {
    const read = readMessage(decode(data) as Signed)
    if (isKind('offer', read)) offers.push(read)
  })
  await net.start()
  room.onClose(() => net.stop())
  return offers
}

describe('an adaptive ask', PATIENCE, () => {
  test('of the only other tab is checked by the asker itself, hidden, until that one is known', async () => {
    const { standing, components } = keeping()
    const offers = await listening()
    const [ann, ben] = [await room.join('ann', { components }), await room.join('ben')]
    await room.meshed(ann, ben)
    for (let streak = 0; streak < 3; streak++) {
      const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check }).done
      expect(answer).toMatchObject({ state: 'one-tab', claims: [{ peer: ben.id }] })
      expect(answer.checked).toEqual({ streak, probability: 1, by: 'rerun', agrees: true })
    }
    expect(offers).toHaveLength(3)
    await eventually(async () => expect(await standing.get(ben.id)).toMatchObject({ checked: 3, losses: {} }))
  })

  test('answered wrongly is contested by itself and settled: who was wrong loses, with evidence, and begins anew', async () => {
    const { standing, components } = keeping()
    const ann = await room.join('ann', { components })
    const ben = await room.join('ben', { init: { plantedFault: { kind: 'scale', factor } } })
    await room.meshed(ann, ben)
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check }).done
    expect(answer.checked).toMatchObject({ by: 'rerun', agrees: false })
    expect(['settled', 'proven']).toContain(answer.state)
    expect(answer).toMatchObject({ stands: [ann.id], dispute: { reason: 'audit', openedBy: ann.id } })
    expect(answer.losers).toEqual(expect.arrayContaining([expect.objectContaining({ peer: ben.id, for: 'claim' })]))
    expect(answer.output).toEqual(answer.claims.find((claim) => claim.peer === ann.id)?.outputs)
    expect((await ann.evidence(answer.job!)).length).toBeGreaterThan(0)
    await eventually(async () =>
      expect(await standing.get(ben.id)).toMatchObject({ checked: 0, streaks: {}, losses: { claim: 1 } }),
    )
  })

  test('of whoever computes nothing is audited by others, never by the same tab', async () => {
    const { standing, components } = keeping()
    const ann = await room.join('ann', { components, init: { settings: { duty: 1, watching: true } } })
    const others = await Promise.all(['ben', 'cat', 'dan'].map((name) => room.join(name)))
    await room.meshed(ann, ...others)
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ann.ask({ model: digits(ann), input: aDigit() }, { check }).done),
    )
    for (const answer of answers) {
      expect(answer).toMatchObject({ state: 'one-tab', checked: { by: 'audit', agrees: true } })
      expect(answer.claims).toHaveLength(1)
    }
    await eventually(async () => {
      const kept = (await standing.all()).map(([, value]) => (value as { checked: number }).checked)
      expect(kept.reduce((sum, checked) => sum + checked, 0)).toBe(12)
    })
  })

  test('contradicted by an audit is settled by the canon, whichever of both is wrong', async () => {
    const { standing, components } = keeping()
    const ann = await room.join('ann', { components, init: { settings: { duty: 1, watching: true } } })
    const ben = await room.join('ben', { init: { plantedFault: { kind: 'scale', factor } } })
    const cat = await room.join('cat')
    await room.meshed(ann, ben, cat)
    for (const asked of ['first', 'second', 'third']) {
      const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check }).done
      expect(answer.checked, asked).toMatchObject({ by: 'audit', agrees: false })
      expect(['settled', 'proven']).toContain(answer.state)
      expect(new Set(answer.claims.map(({ peer }) => peer))).toEqual(new Set([ben.id, cat.id]))
      const right = answer.claims.find((claim) => claim.peer === cat.id)
      expect(answer.output).toEqual(right?.outputs)
    }
    await until(ann, (view) => view.disputes.every(({ tookMs }) => tookMs !== undefined))
    await eventually(async () => expect(await standing.get(cat.id)).toMatchObject({ losses: {} }))
    await eventually(async () => expect(await standing.get(ben.id)).toMatchObject({ checked: 0, losses: { claim: 3 } }))
  })

  test('and its audit cannot be told apart on the wire: one has the same fields, sizes and kind of invitation as the other', async () => {
    const offers = await listening()
    const ann = await room.join('ann', { init: { settings: { duty: 1, watching: true } } })
    const others = await Promise.all(['ben', 'cat', 'dan', 'eve', 'fay', 'gus'].map((name) => room.join(name)))
    await room.meshed(ann, ...others)
    await until(ann, ({ id }) => id === ann.id && ann.governance.view.ledger.own > 0)
    for (let i = 0; i < 3; i++) await ann.ask({ model: digits(ann), input: aDigit() }, { check }).done
    expect(offers).toHaveLength(6)
    const shapes = offers.map(({ message, signed }) => {
      // Every offer names the head of its author's log, which goes on growing.
      const { input: _, lot: _lot, chain: _chain, nonce: _nonce, ledger: _ledger, invited, ...same } = message
      expect(new Set(invited).size).toBe(INVITED)
      return JSON.stringify({ bytes: signed.body.length, fields: Object.keys(message), same })
    })
    expect(new Set(shapes).size).toBe(1)
    expect(new Set(offers.map(({ message }) => hex(message.input))).size).toBe(6)
  })

  test('of a tab that keeps its output to itself once bound is asked again of others, and remembered', async () => {
    const { standing, components } = keeping()
    const ann = await room.join('ann', { components })
    const ben = await room.join('ben', { init: { plantedFault: { kind: 'vanish' } } })
    await room.meshed(ann, ben)
    const ask = ann.ask({ model: digits(ann), input: aDigit() }, { check })
    const answer = await ask.done
    expect(answer.again.map(({ reason, who }) => ({ reason, who }))).toEqual([{ reason: 'no-reveal', who: [ben.id] }])
    await eventually(async () =>
      expect(await standing.get(ben.id)).toMatchObject({ checked: 0, losses: { withheld: 1 } }),
    )
  })
})

test('replicated asks make their executors known, where a cpu is among those who agree', PATIENCE, async () => {
  const { standing, components } = keeping()
  const ann = await room.join('ann', { components })
  const others = await Promise.all(['ben', 'cat', 'dan'].map((name) => room.join(name)))
  await room.meshed(ann, ...others)
  const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
  expect(answer.state).toBe('agreed')
  expect(answer.checked).toBeUndefined()
  await eventually(async () => expect(await standing.all()).toHaveLength(3))
  const kept = await standing.all()
  expect(kept.map(([peer]) => peer)).toEqual(others.map(({ id }) => id).toSorted())
  for (const [, value] of kept) expect(value).toMatchObject({ checked: 1, losses: {} })
})
