import { afterEach, describe, expect, test, vi } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { MootDatabase, storageFault } from '../../../src/adapters/idb/database.ts'
import { openIdentity } from '../../../src/adapters/idb/identity.ts'
import { openIdbLogs } from '../../../src/adapters/idb/log-store.ts'
import { openIdbRecords } from '../../../src/adapters/idb/record-store.ts'
import { openSettingsStore } from '../../../src/adapters/idb/settings.ts'
import { hex } from '../../../src/domain/hash.ts'
import { blockOf, kept } from '../../kits/block-store.ts'
import { keptOf, logOf } from '../../kits/log-store.ts'
import { SETTINGS } from '../../kits/settings-store.ts'

/** Opens the database as another version of the app would. */
const openAs = (name: string, version: number, upgrade: (database: IDBDatabase) => void = () => {}) =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => upgrade(request.result)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('it did not open'))
  })

/** What the first version of the app made. */
function asVersion1(database: IDBDatabase): void {
  for (const name of ['identities', 'settings', 'blocks', 'totals']) database.createObjectStore(name)
  database.createObjectStore('uses').createIndex('by-use', 'use')
}

afterEach(() => vi.restoreAllMocks())

describe('the database', () => {
  test('lets a newer version have it, and says that this tab must be reloaded', async () => {
    const database = new MootDatabase({ name: 'moot-test-newer' })
    await openSettingsStore({ database, slot: 0 }).save(SETTINGS)
    const newer = await openAs('moot-test-newer', 1_000)
    await expect(database.connect()).rejects.toMatchObject({
      fault: { code: 'STORAGE_UNAVAILABLE', why: expect.stringContaining('reload') },
    })
    newer.close()
    indexedDB.deleteDatabase('moot-test-newer')
  })

  test('of version 1 is brought up to date: blocks, their order and settings are as they were', async () => {
    const [a, b, c] = [blockOf(0), blockOf(1), blockOf(2)]
    const { length } = a.bytes
    const old = await openAs('moot-test-old', 1, asVersion1)
    const tx = old.transaction(['settings', 'blocks', 'uses', 'totals'], 'readwrite')
    tx.objectStore('settings').put(SETTINGS, 0)
    for (const [use, { digest, bytes }] of [b, a].entries()) {
      tx.objectStore('blocks').put(new Blob([bytes as Uint8Array<ArrayBuffer>]), hex(digest))
      tx.objectStore('uses').put({ bytes: length, use: use + 1 }, hex(digest))
    }
    tx.objectStore('totals').put({ bytes: 2 * length, use: 2 }, 'blocks')
    await new Promise((resolve) => {
      tx.oncomplete = resolve
    })
    old.close()

    const database = new MootDatabase({ name: 'moot-test-old' })
    const store = await openIdbBlockStore({ database, maxBytes: 2 * length })
    expect(await store.usage()).toEqual({ bytes: 2 * length, pinned: 0 })
    expect(await store.get(b.digest)).toEqual(b.bytes)
    expect(await openSettingsStore({ database, slot: 0 }).load()).toEqual(SETTINGS)
    await openIdbRecords({ database, name: 'models' }).put('new', 1)
    await store.put(c.digest, c.bytes, { pinned: true })
    expect(await kept(store, [a, b, c])).toEqual([false, true, true])
    expect(await store.usage()).toEqual({ bytes: 2 * length, pinned: length })
    await database.close()
    indexedDB.deleteDatabase('moot-test-old')
  })

  test('of version 2 is brought up to date: its records are as they were, and there is room for what is seen of others', async () => {
    const old = await openAs('moot-test-second', 2, (database) => {
      asVersion1(database)
      for (const name of ['models', 'imports', 'opinions']) database.createObjectStore(name)
    })
    const tx = old.transaction(['opinions'], 'readwrite')
    tx.objectStore('opinions').put('endorses', 'a')
    await new Promise((resolve) => {
      tx.oncomplete = resolve
    })
    old.close()
    const database = new MootDatabase({ name: 'moot-test-second' })
    await openIdbRecords({ database, name: 'standing' }).put('ben', { checked: 1 })
    expect(await openIdbRecords({ database, name: 'standing' }).all()).toEqual([['ben', { checked: 1 }]])
    expect(await openIdbRecords({ database, name: 'opinions' }).all()).toEqual([['a', 'endorses']])
    await database.close()
    indexedDB.deleteDatabase('moot-test-second')
  })

  test('of version 3 is brought up to date: what was seen of others is as it was, and there is room for logs', async () => {
    const old = await openAs('moot-test-third', 3, (database) => {
      asVersion1(database)
      for (const name of ['models', 'imports', 'opinions', 'standing']) database.createObjectStore(name)
    })
    const tx = old.transaction(['standing'], 'readwrite')
    tx.objectStore('standing').put({ checked: 1 }, 'ben')
    await new Promise((resolve) => {
      tx.oncomplete = resolve
    })
    old.close()
    const database = new MootDatabase({ name: 'moot-test-third' })
    const logs = openIdbLogs({ database, slot: 0, room: new Uint8Array(16) })
    await logs.append(logOf('ann', 1))
    expect(await keptOf(logs, 'ann')).toHaveLength(1)
    expect(await openIdbRecords({ database, name: 'standing' }).all()).toEqual([['ben', { checked: 1 }]])
    await database.close()
    indexedDB.deleteDatabase('moot-test-third')
  })

  test('opens again after it was closed', async () => {
    const database = new MootDatabase({ name: 'moot-test-again' })
    const settings = openSettingsStore({ database, slot: 0 })
    await settings.save(SETTINGS)
    await database.close()
    expect(await settings.load()).toEqual(SETTINGS)
    await database.close()
    indexedDB.deleteDatabase('moot-test-again')
  })

  test('where the browser stores nothing: no block store, no settings, an identity in memory', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException(
        'A mutation operation was attempted on a database that did not allow mutations.',
        'InvalidStateError',
      )
    })
    const database = new MootDatabase({ name: 'moot-test-blocked' })
    const unavailable = { fault: { code: 'STORAGE_UNAVAILABLE' } }
    await expect(openIdbBlockStore({ database, maxBytes: 1 })).rejects.toMatchObject(unavailable)
    await expect(openSettingsStore({ database, slot: 0 }).save(SETTINGS)).rejects.toMatchObject(unavailable)
    await expect(openIdbRecords({ database, name: 'models' }).put('a', 1)).rejects.toMatchObject(unavailable)
    expect(await openSettingsStore({ database, slot: 0 }).load()).toEqual({})

    const [one, other] = [await openIdentity({ database }), await openIdentity({ database })]
    expect(one).toMatchObject({ persistent: false, ...unavailable })
    expect(one.seed).toHaveLength(32)
    expect(one.seed).not.toEqual(other.seed)
  })

  test('is tried again once the browser stores again', async () => {
    const blocked = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('', 'InvalidStateError')
    })
    const database = new MootDatabase({ name: 'moot-test-unblocked' })
    await expect(database.connect()).rejects.toThrow()
    blocked.mockRestore()
    await openSettingsStore({ database, slot: 0 }).save(SETTINGS)
    expect(await openSettingsStore({ database, slot: 0 }).load()).toEqual(SETTINGS)
    await database.close()
    indexedDB.deleteDatabase('moot-test-unblocked')
  })

  test('says that it is full in terms of what did not fit', () => {
    expect(storageFault(new DOMException('', 'QuotaExceededError'), 7).fault).toEqual({
      code: 'STORAGE_FULL',
      bytes: 7,
    })
  })
})
