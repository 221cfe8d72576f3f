import { describe, expect, test } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { blockOf, blockStoreKit, digestsOf, fill, kept } from '../../kits/block-store.ts'
import { databases } from './databases.ts'

const open = databases()

blockStoreKit('idb', (maxBytes) => openIdbBlockStore({ database: open(), maxBytes }))

describe('blocks in IndexedDB', () => {
  const [a, b, c] = [blockOf(0), blockOf(1), blockOf(2)]
  const LARGE = 10 * a.bytes.length

  test('are there after the database was closed and opened again', async () => {
    const before = open('reopened')
    const store = await openIdbBlockStore({ database: before, maxBytes: LARGE })
    await store.put(a.digest, a.bytes)
    await before.close()
    const again = await openIdbBlockStore({ database: open('reopened'), maxBytes: LARGE })
    expect(await again.get(a.digest)).toEqual(a.bytes)
    expect(await again.usage()).toEqual({ bytes: a.bytes.length, pinned: 0 })
  })

  test('are shared: what one tab puts another gets, and both count its use', async () => {
    const alice = await openIdbBlockStore({ database: open('shared'), maxBytes: 2 * a.bytes.length })
    const bob = await openIdbBlockStore({ database: open('shared'), maxBytes: 2 * a.bytes.length })
    await alice.put(a.digest, a.bytes)
    await alice.put(b.digest, b.bytes)
    expect(await bob.get(a.digest)).toEqual(a.bytes)
    await bob.put(c.digest, c.bytes)
    expect(await kept(alice, [a, b, c])).toEqual([true, false, true])
    expect(await alice.usage()).toEqual({ bytes: 2 * a.bytes.length, pinned: 0 })
  })

  test('go at once when the limit was lowered', async () => {
    const store = await openIdbBlockStore({ database: open('lowered'), maxBytes: LARGE })
    for (const { digest, bytes } of [a, b, c]) await store.put(digest, bytes)
    const lowered = await openIdbBlockStore({ database: open('lowered'), maxBytes: 2 * a.bytes.length })
    expect(await kept(lowered, [a, b, c])).toEqual([false, true, true])
  })

  test('take no more than they are of a larger buffer', async () => {
    const database = open()
    const store = await openIdbBlockStore({ database, maxBytes: LARGE })
    const message = new Uint8Array(3 * a.bytes.length)
    message.set(a.bytes, 7)
    await store.put(a.digest, message.subarray(7, 7 + a.bytes.length))
    expect(message.length).toBe(3 * a.bytes.length)
    expect((await store.get(a.digest))?.buffer.byteLength).toBe(a.bytes.length)
  })

  test('that are none are as if they were not kept', async () => {
    const database = open()
    const store = await openIdbBlockStore({ database, maxBytes: LARGE })
    await store.put(a.digest, a.bytes)
    const connection = await database.connect()
    for (const key of await connection.getAllKeys('blocks')) await connection.put('blocks', 'no block' as never, key)
    expect(await store.get(a.digest)).toBeUndefined()
    expect(await store.missing([a.digest])).toEqual([a.digest])
    expect(await store.usage()).toEqual({ bytes: 0, pinned: 0 })
    await store.put(a.digest, a.bytes)
    expect(await store.get(a.digest)).toEqual(a.bytes)
    expect(await store.usage()).toEqual({ bytes: a.bytes.length, pinned: 0 })
  })

  test('stay within their bytes, all counted, when two tabs write and delete at once', async () => {
    const [alice, bob] = await Promise.all(
      [open('at once'), open('at once')].map((database) => openIdbBlockStore({ database, maxBytes: LARGE })),
    )
    const blocks = Array.from({ length: 24 }, (_, i) => blockOf(i))
    const [mine, others] = [blocks.slice(0, 16), blocks.slice(8)]
    await Promise.all([
      ...mine.map(({ digest, bytes }) => alice!.put(digest, bytes)),
      ...others.map(({ digest, bytes }) => bob!.put(digest, bytes)),
      alice!.pin(digestsOf(others), true),
      bob!.delete(digestsOf(blocks.slice(12, 14))),
      alice!.pin(digestsOf(others), false),
    ])
    const left = (await kept(alice!, blocks)).filter(Boolean).length
    expect(left).toBe(10)
    expect(await kept(bob!, blocks)).toEqual(await kept(alice!, blocks))
    expect(await bob!.usage()).toEqual({ bytes: LARGE, pinned: 0 })
    await bob!.delete(digestsOf(blocks))
    expect(await alice!.usage()).toEqual({ bytes: 0, pinned: 0 })
  })

  test('pinned by one tab are let go by no other', async () => {
    const [alice, bob] = [
      await openIdbBlockStore({ database: open('pins'), maxBytes: LARGE }),
      await openIdbBlockStore({ database: open('pins'), maxBytes: 2 * a.bytes.length }),
    ]
    await alice.put(a.digest, a.bytes, { pinned: true })
    await fill(bob, b, c)
    expect(await kept(alice, [a, b, c])).toEqual([true, false, true])
  })

  test('are as old as their last use was, even one that nothing was written after', async () => {
    const [alice, bob] = [
      await openIdbBlockStore({ database: open('uses'), maxBytes: LARGE }),
      await openIdbBlockStore({ database: open('uses'), maxBytes: LARGE }),
    ]
    await fill(bob, a, b, c)
    const before = await open('uses').connect()
    const latest = async () => (await before.get('totals', 'blocks'))?.use
    const uses = await latest()
    await alice.get(a.digest)
    await alice.get(a.digest)
    await expect.poll(latest, { timeout: 10_000 }).toBe(uses! + 1)
    await bob.limit(2 * a.bytes.length)
    expect(await kept(bob, [a, b, c])).toEqual([true, false, true])
  })
})
