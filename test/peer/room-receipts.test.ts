import { encode } from '@ipld/dag-cbor'
import { expect, test } from 'vitest'
import { hash, hashBytes, hex } from '../../src/domain/hash.ts'
import type { MessageOf } from '../../src/domain/messages.ts'
import { letIn } from '../kits/mallory.ts'
import { digits, openRoom, until } from '../kits/peers.ts'

test('a receipt that gossip brings again is listed once, and pushes no other out', { timeout: 20_000 }, async () => {
  const room = await openRoom()
  try {
    const ann = await room.join('ann')
    const mallory = await letIn(room, 'mallory', ann)
    const receipt = (job: number): MessageOf<'receipt'> => ({
      kind: 'receipt',
      room: hex(hash('moot/room', 'story')).slice(0, 32),
      job: hashBytes(Uint8Array.of(job)),
      model: digits(ann),
      state: 'one-tab',
      attempt: 1,
      claims: [{ peer: ann.id, engine: 'cpu', output: hashBytes(new Uint8Array()) }],
      returned: hashBytes(new Uint8Array()),
      drawnFrom: job,
    })
    const [first, second, third] = [1, 2, 3].map((job) => encode(mallory.who.signNow(receipt(job))))
    await mallory.gossip(first!)
    for (let i = 0; i < 60; i++) await mallory.gossip(second!)
    await mallory.gossip(third!)
    await until(ann, (view) => view.receipts.some(({ drawnFrom }) => drawnFrom === 3))
    expect(ann.view.receipts.map(({ drawnFrom }) => drawnFrom)).toEqual([3, 2, 1])
  } finally {
    await room.close()
  }
})
