import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { fault } from '../../src/domain/fault.ts'
import { readEntry } from '../../src/domain/ledger/entry.ts'
import { readLedgerFile } from '../../src/domain/ledger/ledger-file.ts'
import { roomName } from '../../src/domain/room-name.ts'
import { bringRecords } from '../../src/peer/ledger/bring-records.ts'
import { readMoved } from '../../src/peer/ledger/read-moved.ts'
import type { Peer } from '../../src/peer/view.ts'
import { person } from '../kits/keys.ts'
import { hasJoined, openRoom, together, type Room } from '../kits/peers.ts'
import { WRITTEN_ON_JOINING } from '../kits/runtime.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const CHAIN = new Uint8Array(32).fill(5)

/** The entries of one key, as a peer holds them. */
const logOf = async (peer: Peer, id: string) =>
  readLedgerFile(await peer.governance.exportLedger())
    .entries.map((signed) => readEntry(signed))
    .filter(({ author }) => author === id)

/** Resolves once a peer holds so many entries of a key. */
const holds = (peer: Peer, id: string, length: number) =>
  expect.poll(async () => (await logOf(peer, id)).length, { timeout: 20_000 }).toBe(length)

test('a key moves: the old device signs nothing more, and the new one goes on where the log ended', async () => {
  const forgotten: string[] = []
  const key = { seed: person('ann').seed, chainSecret: CHAIN }
  const ann = await room.join('ann', {
    components: { chainSecret: CHAIN, identity: { ...key, forget: async () => void forgotten.push('ann') } },
  })
  const ben = await room.join('ben')
  await together(ann, ben)
  await Promise.all([hasJoined(ann), hasJoined(ben)])
  await holds(ann, ben.id, WRITTEN_ON_JOINING)
  await ann.governance.vouch(ben.id, true)
  const file = await ann.governance.moveKey()
  const { own } = ann.governance.view.ledger
  await expect(ann.governance.vouch(ben.id, false)).rejects.toMatchObject({ fault: { code: 'KEY_MOVED' } })
  expect(forgotten).toEqual([])
  await ann.governance.forgetKey()
  expect(forgotten).toEqual(['ann'])
  expect(await ann.governance.moveKey()).toEqual(file)
  await ann.leave()
  await holds(ben, ann.id, own)

  const moved = await readMoved(file, { room: 'story', openSigner, verify: verifySignature })
  expect(moved).toMatchObject({ peer: ann.id, own, identity: key })
  const logs = memoryLogs()
  await bringRecords(file, { room: roomName('story'), key: moved, verify: verifySignature, store: logs })
  const again = await room.join('ann', { components: { chainSecret: moved.identity.chainSecret, logs: () => logs } })
  expect(again.id).toBe(ann.id)
  await together(again, ben)
  await hasJoined(again)
  expect(again.governance.view.trust.vouched).toEqual([ben.id])
  await again.governance.vouch(ben.id, false)
  await holds(ben, ann.id, again.governance.view.ledger.own)
  const log = await logOf(ben, ann.id)
  expect(log.map(({ entry }) => entry.seq)).toEqual(log.map((_, seq) => seq))
  expect(log[own]).toMatchObject({ entry: { type: 'REVOKE' } })
  for (const peer of [again, ben]) expect(peer.governance.view.ledger.forks).toEqual([])
})

test('a key that could not be deleted is said to be still here, and has signed its last all the same', async () => {
  const ann = await room.join('ann', {
    components: {
      identity: {
        seed: person('ann').seed,
        chainSecret: CHAIN,
        forget: () => Promise.reject(fault({ code: 'STORAGE_UNAVAILABLE', why: 'the disk is gone' })),
      },
    },
  })
  await hasJoined(ann)
  await expect(ann.governance.forgetKey()).rejects.toMatchObject({ fault: { code: 'STORAGE_UNAVAILABLE' } })
  await expect(ann.governance.vouch(person('cat').peer, true)).rejects.toMatchObject({ fault: { code: 'KEY_MOVED' } })
})

test('a peer whose key is kept for it has none to give', async () => {
  const ann = await room.join('ann')
  await expect(ann.governance.moveKey()).rejects.toMatchObject({ fault: { code: 'KEY_NOT_MOVED' } })
  await expect(ann.governance.forgetKey()).rejects.toMatchObject({ fault: { code: 'KEY_NOT_MOVED' } })
  await hasJoined(ann)
  await ann.governance.vouch(person('cat').peer, true)
})
