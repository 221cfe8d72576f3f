import { afterEach, describe, expect, test, vi } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { MootDatabase, storageFault } from '../../../src/adapters/idb/database.ts'
import { openIdentity } from '../../../src/adapters/idb/identity.ts'
import { openSettingsStore } from '../../../src/adapters/idb/settings.ts'
import { SETTINGS } from '../../kits/settings-store.ts'

/** Opens the database as a later version of the app would. */
const openNewer = (name: string): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1_000)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('it did not open'))
  })

afterEach(() => vi.restoreAllMocks())

describe('the database', () => {
  test('lets a newer version have it, and says that this tab must be reloaded', async () => {
    const database = new MootDatabase({ name: 'moot-test-newer' })
    await openSettingsStore({ database, slot: 0 }).save(SETTINGS)
    const newer = await openNewer('moot-test-newer')
    await expect(database.connect()).rejects.toMatchObject({
      fault: { code: 'STORAGE_UNAVAILABLE', why: expect.stringContaining('reload') },
    })
    newer.close()
    indexedDB.deleteDatabase('moot-test-newer')
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
