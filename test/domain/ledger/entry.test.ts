import { encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { encodeEntry, MAX_ENTRY, readEntry, type Entry } from '../../../src/domain/ledger/entry.ts'
import { subjectsOf } from '../../../src/domain/ledger/subjects.ts'
import { hash, hex } from '../../../src/domain/hash.ts'
import { LOG_CHARTER, LOG_ROOM, Writer } from '../../kits/logs.ts'

const ann = new Writer('ann')
const id = hash('kit', 'an entry')
const key = { room: LOG_ROOM, seq: 0, seen: [], charter: LOG_CHARTER, type: 'KEY', body: { build: 'kit' } } as const
const note = { ...key, seq: 1, prev: id, type: 'DEFAULT_SET', body: { key: 'a', value: 'b' } } as const
const read = (value: unknown) => readEntry(ann.sign(Uint8Array.from(encode(value))))

describe('an entry', () => {
  test('is read as what was written, by whom it was signed', () => {
    const { author, name, id: own, entry } = read(note)
    expect([author, entry]).toEqual([ann.peer, note])
    expect(name).toBe(hex(own))
  })

  test.for<readonly [string, unknown]>([
    ['of a type that there is not', { ...note, type: 'NOTE' }],
    ['whose body is another type’s', { ...note, type: 'VOUCH' }],
    ['with more than its type has', { ...note, body: { ...note.body, more: 1 } }],
    ['with a clock', { ...note, at: 1 }],
    ['without a link', { ...note, prev: undefined } satisfies object],
    ['that begins a log with a link', { ...key, prev: id }],
    ['that begins a log with something else', { ...note, seq: 0 }],
    ['that is a KEY in the middle', { ...key, seq: 1, prev: id }],
    ['with a number below nothing', { ...note, seq: -1 }],
    ['with half a number', { ...note, seq: 1.5 }],
    ['that saw too many', { ...note, seen: [id, id, id, id, id] }],
    ['of a room with another name', { ...note, room: new Uint8Array(32) }],
    ['that is no object', [note]],
  ])('%s is refused', ([, value]) => {
    const plain = Object.fromEntries(Object.entries(value as object).filter(([, part]) => part !== undefined))
    expect(() => read(Array.isArray(value) ? value : plain)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })

  test('is refused where it is too large, and is not written where it would be refused', () => {
    const signed = ann.sign(new Uint8Array(MAX_ENTRY * 4))
    expect(() => readEntry(signed)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'TOO_LARGE' }) }),
    )
    expect(() => encodeEntry({ ...note, seq: 0 } as unknown as Entry)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })

  test('is about what its body names', () => {
    const noshow = { summon: id, job: id, peer: id, why: 'no-answer' } as const
    const of = (type: string, body: object) => subjectsOf({ ...note, type, body } as unknown as Entry)
    expect(of('NOSHOW', noshow)).toEqual([hex(id)])
    expect(of('RULING', { contest: id, summon: LOG_CHARTER })).toEqual([hex(id), hex(LOG_CHARTER)])
    expect(of('VOUCH', { peer: id })).toEqual([])
  })
})
