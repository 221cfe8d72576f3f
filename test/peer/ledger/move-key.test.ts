import { describe, expect, test } from 'vitest'
import { memoryLogs } from '../../../src/adapters/memory/log-store.ts'
import { openSigner } from '../../../src/adapters/webcrypto/signer.ts'
import type { Signed } from '../../../src/domain/envelope.ts'
import { MootError, sentence } from '../../../src/domain/fault.ts'
import type { ReadEntry } from '../../../src/domain/ledger/entry.ts'
import { encodeLedgerFile, readLedgerFile, type MovedIdentity } from '../../../src/domain/ledger/ledger-file.ts'
import { roomName } from '../../../src/domain/room-name.ts'
import { bringRecords } from '../../../src/peer/ledger/bring-records.ts'
import { readMoved } from '../../../src/peer/ledger/read-moved.ts'
import type { LogStore } from '../../../src/ports/log-store.ts'
import { person, verifyWithNode } from '../../kits/keys.ts'
import { openLedgerRoom } from '../../kits/ledger-room.ts'
import { loaded } from '../../kits/log-store.ts'
import { Writer } from '../../kits/logs.ts'

const ROOM = 'tea'
const room = roomName(ROOM)
const identity: MovedIdentity = { seed: person('ann').seed, chainSecret: new Uint8Array(32).fill(2) }

const fileOf = (entries: readonly Signed[], change: { identity?: MovedIdentity; room?: Uint8Array } = {}) =>
  encodeLedgerFile({ room, entries, identity, ...change })
const read = (file: Uint8Array) => readMoved(file, { room: ROOM, openSigner, verify: verifyWithNode })
const signedOf = (log: readonly ReadEntry[]) => log.map(({ signed }) => signed)

/** Ann wrote four entries, Ben three, and they know of each other. */
function twoLogs() {
  const [ann, ben] = [new Writer('ann', { room }), new Writer('ben', { room })]
  ann.consent()
  ben.consent()
  ann.note('1', [ben.head])
  ben.note('2', [ann.head])
  ann.vouch(ben)
  return { ann, ben, entries: signedOf([...ann.log, ...ben.log]) }
}

async function bring(file: Uint8Array, store: LogStore = memoryLogs()): Promise<LogStore> {
  await bringRecords(file, { room, key: await read(file), verify: verifyWithNode, store })
  return store
}

const kept = async (store: LogStore) => (await loaded(store)).flat()
const lengthIn = async (store: LogStore, { person: { publicKey } }: Writer) =>
  (await kept(store)).filter(({ key }) => String(key) === String(publicKey)).length

describe('the file of a key', () => {
  test('is read with the key’s own log, whatever the order in it', async () => {
    const { ann, entries } = twoLogs()
    const key = { identity, peer: ann.peer, own: 4, records: 7 }
    expect(await read(fileOf(entries))).toEqual(key)
    expect(await read(fileOf(entries.toReversed()))).toEqual(key)
  })

  test('of one that never signed is read too', async () => {
    const { ben } = twoLogs()
    expect(await read(fileOf(signedOf(ben.log)))).toMatchObject({ own: 0, records: 3 })
    expect(await read(fileOf([]))).toMatchObject({ own: 0, records: 0 })
  })

  test.for<[string, (logs: ReturnType<typeof twoLogs>) => Uint8Array, string, RegExp]>([
    ['no file at all', () => new Uint8Array(9), 'MALFORMED', /not dag-cbor/],
    [
      'records without a key',
      ({ entries }) => encodeLedgerFile({ room, entries }),
      'KEY_NOT_MOVED',
      /holds records and no key/,
    ],
    [
      'another room',
      ({ entries }) => fileOf(entries, { room: roomName('garden') }),
      'KEY_NOT_MOVED',
      /of another room than “tea”/,
    ],
    ['a log with a gap', ({ entries }) => fileOf(entries.toSpliced(1, 1)), 'KEY_NOT_MOVED', /lacks number 2/],
    ['a log without its beginning', ({ entries }) => fileOf(entries.slice(1)), 'KEY_NOT_MOVED', /lacks number 1/],
    [
      'an entry of the key that nobody signed',
      ({ entries }) => fileOf(entries.map((one, i) => (i === 3 ? { ...one, signature: new Uint8Array(64) } : one))),
      'BAD_SIGNATURE',
      /do not rely on it/,
    ],
    [
      'an entry of the key that is none',
      ({ entries }) => fileOf(entries.map((one, i) => (i === 3 ? { ...one, body: new Uint8Array(3) } : one))),
      'MALFORMED',
      /could not be read/,
    ],
    [
      'two entries for one place',
      ({ ann, entries }) => fileOf([...entries, ann.branch(2).note('other').signed]),
      'LOG_FORKED',
      /number 3 of its log/,
    ],
  ])('that is, or holds, %s is refused in words', async ([, make, code, words]) => {
    const error = await read(make(twoLogs())).catch((thrown: unknown) => thrown)
    if (!(error instanceof MootError)) throw error
    expect(error.fault.code).toBe(code)
    expect(sentence(error.fault)).toMatch(words)
  })
})

describe('the records that come with a key', () => {
  test('are stored whole, before anybody signs', async () => {
    const { entries } = twoLogs()
    const store = await bring(fileOf(entries))
    expect((await kept(store)).map(({ signature }) => String(signature)).toSorted()).toEqual(
      entries.map(({ signature }) => String(signature)).toSorted(),
    )
  })

  test('of others are left out where they do not hold; the key’s own are all there', async () => {
    const { ann, ben, entries } = twoLogs()
    const file = fileOf(entries.map((one, i) => (i === 5 ? { ...one, signature: new Uint8Array(64) } : one)))
    const store = await bring(file)
    expect([await lengthIn(store, ann), await lengthIn(store, ben)]).toEqual([4, 1])
  })

  test('add to what is there already, which may be more than came', async () => {
    const { ann, ben } = twoLogs()
    const store = await bring(fileOf(signedOf([...ann.log.slice(0, 2), ...ben.log])))
    await bring(fileOf(signedOf(ann.log)), store)
    expect([await lengthIn(store, ann), await lengthIn(store, ben)]).toEqual([4, 3])
    await bring(fileOf(signedOf(ann.log.slice(0, 1))), store)
    expect([await lengthIn(store, ann), await lengthIn(store, ben)]).toEqual([4, 3])
  })

  test('do not come where the key’s log here is another', async () => {
    const { ann, entries } = twoLogs()
    const store = await bring(fileOf(signedOf([...ann.branch(3).log, ann.branch(3).note('here')])))
    const before = await kept(store)
    await expect(bring(fileOf(entries), store)).rejects.toMatchObject({ fault: { code: 'LOG_FORKED', at: 3 } })
    expect(await kept(store)).toEqual(before)
  })

  test('do not come where somebody shows that the key’s log forked', async () => {
    const { ann, ben, entries } = twoLogs()
    const [first, second] = [ann.log[3]!, ann.branch(3).note('other')]
    const shows = ben.write('FORKED_LOG', { first: first.signed, second: second.signed })
    const store = memoryLogs()
    await expect(bring(fileOf([...entries, shows.signed]), store)).rejects.toMatchObject({
      fault: { code: 'LOG_FORKED', at: 3 },
    })
    expect(await kept(store)).toEqual([])
  })

  test('that find no room say so', async () => {
    const store = { ...memoryLogs(), append: () => Promise.reject(new MootError({ code: 'STORAGE_FULL', bytes: 1 })) }
    await expect(bring(fileOf(twoLogs().entries), store)).rejects.toMatchObject({ fault: { code: 'STORAGE_FULL' } })
  })
})

describe('a log that has ended here', () => {
  test('takes what was asked for before, and nothing after; all of it is in the file', async () => {
    const { join, clock } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.note('1')
    const before = ann.note('2')
    const ended = ann.keeper.end()
    const after = ann.note('3').catch((error: unknown) => error)
    await clock.advance(100)
    await Promise.all([before, ended])
    expect(await after).toMatchObject({ fault: { code: 'KEY_MOVED' } })
    await expect(ann.keeper.payOwed()).rejects.toMatchObject({ fault: { code: 'KEY_MOVED' } })
    await ann.keeper.end()
    await ben.note('still told')
    const file = readLedgerFile(await ann.keeper.export(identity))
    expect(file.identity).toEqual(identity)
    expect(file.entries).toHaveLength(5)
    expect(ben.keeper.ledger.log(ann.id)).toHaveLength(3)
  })
})
