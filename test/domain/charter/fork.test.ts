import { describe, expect, test } from 'vitest'
import { cidOf, FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { readCharter } from '../../../src/domain/charter/charter-document.ts'
import { carriesOver, forkOf, whatYouKeep } from '../../../src/domain/charter/fork.ts'
import { hash } from '../../../src/domain/hash.ts'
import { ENTRY_TYPES, type BodyOf, type EntryType, type ReadEntry } from '../../../src/domain/ledger/entry.ts'
import { Assembly, digestOfCharter, textOf } from '../../kits/assembly.ts'
import { person } from '../../kits/keys.ts'

const [ann, ben] = [person('ann').peer, person('ben').peer]
const id = (name: string) => hash('a story', name)

describe('a fork', () => {
  test('is the child of what it changes, by whoever changes it and those invited', () => {
    const tea = forkOf(FIRST_CHARTER, { title: 'Tea', jury: { quorum: 0.8 } }, ann, [ben, ann])
    expect(tea).toEqual({
      ...FIRST_CHARTER,
      ...{ title: 'Tea', version: 2, parents: [cidOf(FIRST_CHARTER)], authors: [ann, ben] },
      jury: { ...FIRST_CHARTER.jury, quorum: 0.8 },
    })
    expect(readCharter(textOf(tea))).toEqual(tea)
    expect(forkOf(tea, { version: 9 }, ben)).toMatchObject({ version: 9, parents: [cidOf(tea)], authors: [ben] })
  })

  test('of what no charter may be is refused, and its parent stays as it is', () => {
    const before = structuredClone(FIRST_CHARTER)
    expect(() => forkOf(FIRST_CHARTER, { jury: { threshold: 1.5 } }, ann)).toThrow('jury.threshold')
    forkOf(FIRST_CHARTER, { timeouts: { vote: 1 } }, ann)
    expect(FIRST_CHARTER).toEqual(before)
  })
})

describe('what you keep', () => {
  test('is shown beforehand: neighbours, trust and hosts who signed, or said that they would', () => {
    const room = new Assembly()
    const tea = forkOf(FIRST_CHARTER, { title: 'Tea' }, ann)
    const peers = Object.fromEntries(['ann', 'ben', 'cat', 'dan', 'eve'].map((name) => [name, room.peer(name)]))
    for (const name of ['ben', 'cat', 'dan']) room.say('ann', 'VOUCH', { peer: person(name).publicKey })
    const eve = room.say('ann', 'VOUCH', { peer: person('eve').publicKey })
    room.say('ann', 'REVOKE', { vouch: eve.id })
    room.sign('ben', tea)
    room.say('dan', 'RULING', someRuling())
    const kept = whatYouKeep({
      ledger: room.ledger,
      me: ann,
      charter: digestOfCharter(tea),
      trust: new Map([
        [ann, 0.4],
        [peers['ben']!, 0.3],
        [peers['cat']!, 0.2],
        [peers['eve']!, 0.1],
      ]),
      hosts: [ann, peers['ben']!, peers['dan']!, peers['eve']!],
      goesAlong: new Set([peers['ben']!, peers['cat']!]),
    })
    expect(kept).toMatchObject({
      neighbours: { kept: 2, of: 3 },
      hosts: { kept: 1, of: 3 },
      signed: [peers['ben']],
      likely: [peers['cat']],
      history: { entries: room.ledger.size, proofs: 0, rulings: 1 },
    })
    expect(kept.trust.kept).toBeCloseTo(0.5)
    expect(kept.trust.of).toBeCloseTo(0.6)
  })

  test('is nothing for whoever goes alone, and says of how many', () => {
    const room = new Assembly()
    room.say('ann', 'VOUCH', { peer: person('ben').publicKey })
    const charter = digestOfCharter(forkOf(FIRST_CHARTER, {}, ann))
    const kept = whatYouKeep({ ledger: room.ledger, me: ann, charter, trust: new Map(), hosts: [] })
    expect(kept).toMatchObject({ neighbours: { kept: 0, of: 1 }, trust: { kept: 0, of: 0 }, hosts: { kept: 0, of: 0 } })
  })
})

const someRuling = (): BodyOf<'RULING'> => ({
  contest: id('contest'),
  level: 0,
  outcome: 'unresolved',
  why: 'no-common-court',
  deciders: [],
  clause: 'jury.minOverlap',
  affected: [{ peer: person('ann').publicKey }],
})

describe('under a fork', () => {
  const carried = (type: EntryType, body: unknown = {}) =>
    carriesOver({ entry: { type, body } } as unknown as ReadEntry)

  test('what arithmetic showed is a fact, a ruling is the parent’s, and what people did stays said', () => {
    expect(carried('PROVEN', { state: 'proven' })).toBe('fact')
    expect(carried('PROVEN', { state: 'settled' })).toBe('fact')
    expect(carried('PROVEN', { state: 'unresolved' })).toBe('parents')
    expect(carried('REFUTE')).toBe('fact')
    expect(carried('RULING')).toBe('parents')
    expect(carried('VOUCH')).toBe('record')
  })

  test('every type of entry is one of the three', () => {
    for (const type of ENTRY_TYPES) expect(['fact', 'record', 'parents']).toContain(carried(type))
  })
})
