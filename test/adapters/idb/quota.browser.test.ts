import { expect, test } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { askToPersist, storageRoom } from '../../../src/adapters/idb/quota.ts'
import { databases } from './databases.ts'

const open = databases()

const denied = async () => {
  throw new TypeError('Storage is denied to this origin')
}

/** A browser that answers so. */
const browser = (answers: Partial<StorageManager>) => answers as StorageManager

test('the browser says how much room there is, and counts what is kept', async () => {
  const before = await storageRoom()
  expect(before).toMatchObject({ persistent: expect.any(Boolean) })
  const store = await openIdbBlockStore({ database: open(), maxBytes: 1 << 24 })
  // What can be packed, the browser stores in less.
  const parts = Array.from({ length: 64 }, () => [...crypto.getRandomValues(new Uint8Array(65_536))])
  await store.put(new Uint8Array(32), Uint8Array.from(parts.flat()))
  await expect.poll(async () => (await storageRoom())?.used).toBeGreaterThanOrEqual(before!.used + (1 << 22))
  expect((await storageRoom())?.used).toBeLessThan(before!.quota)
})

test('what it was asked to keep is what it says that it keeps', async () => {
  expect(await askToPersist()).toBe((await storageRoom())?.persistent)
})

test('a browser that grants it, and one that does not', async () => {
  expect(await askToPersist(browser({ persist: async () => true }))).toBe(true)
  expect(await askToPersist(browser({ persist: async () => false }))).toBe(false)
})

test('a browser that says nothing, or less, or denies storage gives no answer and no error', async () => {
  const room = (estimate: StorageEstimate) =>
    storageRoom(browser({ estimate: async () => estimate, persisted: async () => false }))
  expect(await room({ quota: 2, usage: 1 })).toEqual({ quota: 2, used: 1, persistent: false })
  expect(await room({})).toBeUndefined()
  expect(await storageRoom(browser({ estimate: denied, persisted: denied }))).toBeUndefined()
  expect(await askToPersist(browser({ persist: denied }))).toBe(false)
})
