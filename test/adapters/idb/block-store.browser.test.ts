import { describe, expect, test } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { blockOf, blockStoreKit, kept } from '../../kits/block-store.ts'
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
    expect(await again.size()).toBe(a.bytes.length)
  })

  test('are shared: what one tab puts another gets, and both count its use', async () => {
    const alice = await openIdbBlockStore({ database: open('shared'), maxBytes: 2 * a.bytes.length })
    const bob = await openIdbBlockStore({ database: open('shared'), maxBytes: 2 * a.bytes.length })
    await alice.put(a.digest, a.bytes)
    await alice.put(b.digest, b.bytes)
    expect(await bob.get(a.digest)).toEqual(a.bytes)
    await bob.put(c.digest, c.bytes)
    expect(await kept(alice, [a, b, c])).toEqual([true, false, true])
    expect(await alice.size()).toBe(2 * a.bytes.length)
  })

  test('go at once when the limit was lowered', async () => {
    const store = await openIdbBlockStore({ database: open('lowered'), maxBytes: LARGE })
    for (const { digest, bytes } of [a, b, c]) await store.put(digest, bytes)
    const lowered = await openIdbBlockStore({ database: open('lowered'), maxBytes: 2 * a.bytes.length })
    expect(await kept(lowered, [a, b, c])).toEqual([false, true, true])
  })

  test('that are none are as if they were not kept', async () => {
    const database = open()
    const store = await openIdbBlockStore({ database, maxBytes: LARGE })
    await store.put(a.digest, a.bytes)
    const connection = await database.connect()
    for (const key of await connection.getAllKeys('blocks')) await connection.put('blocks', 'no block' as never, key)
    expect(await store.get(a.digest)).toBeUndefined()
    await store.put(a.digest, a.bytes)
    expect(await store.get(a.digest)).toEqual(a.bytes)
    expect(await store.size()).toBe(a.bytes.length)
  })
})
