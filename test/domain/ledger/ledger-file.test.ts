import { decode, encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { encodeLedgerFile, MAX_LEDGER_FILE, readLedgerFile } from '../../../src/domain/ledger/ledger-file.ts'
import { LOG_ROOM, Writer } from '../../kits/logs.ts'

const ann = new Writer('ann')
ann.note('1')
const entries = ann.log.map(({ signed }) => signed)
const identity = { seed: new Uint8Array(32).fill(1), chainSecret: new Uint8Array(32).fill(2) }

describe('a ledger file', () => {
  test('reads as what was written', () => {
    expect(readLedgerFile(encodeLedgerFile({ room: LOG_ROOM, entries }))).toEqual({ room: LOG_ROOM, entries })
    const moving = { room: LOG_ROOM, entries: [], identity }
    expect(readLedgerFile(encodeLedgerFile(moving))).toEqual(moving)
  })

  test('says what it is', () => {
    expect(decode(encodeLedgerFile({ room: LOG_ROOM, entries: [] }))).toEqual({
      moot: 'ledger',
      version: 1,
      room: LOG_ROOM,
      entries: [],
    })
  })

  test('is refused where it is another, or none', () => {
    const good = { moot: 'ledger', version: 1, room: LOG_ROOM, entries }
    const bad: unknown[] = [
      { ...good, moot: 'receipt' },
      { ...good, version: 2 },
      { ...good, room: new Uint8Array(15) },
      { ...good, entries: {} },
      { ...good, entries: [{ body: new Uint8Array(1), key: new Uint8Array(31), signature: new Uint8Array(64) }] },
      { ...good, entries: [{ ...entries[0], more: 1 }] },
      { ...good, entries: [{ ...entries[0], body: new Uint8Array(100_000) }] },
      { ...good, entries: [null] },
      { ...good, identity: { seed: identity.seed } },
      7,
    ]
    for (const value of bad)
      expect(() => readLedgerFile(encode(value))).toThrow(
        expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
      )
    expect(() => readLedgerFile(new Uint8Array(MAX_LEDGER_FILE + 1))).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'TOO_LARGE' }) }),
    )
  })
})
