import { describe, expect, test } from 'vitest'
import { openSettingsStore } from '../../../src/adapters/idb/settings.ts'
import { SETTINGS, settingsStoreKit } from '../../kits/settings-store.ts'
import { databases } from './databases.ts'

const open = databases()

settingsStoreKit('idb', () => openSettingsStore({ database: open(), slot: 0 }))

describe('settings in IndexedDB', () => {
  test('belong to an identity', async () => {
    const database = open()
    await openSettingsStore({ database, slot: 1 }).save(SETTINGS)
    expect(await openSettingsStore({ database, slot: 2 }).load()).toEqual({})
    expect(await openSettingsStore({ database, slot: 1 }).load()).toEqual(SETTINGS)
  })

  test('are there after the database was closed and opened again', async () => {
    const before = open('reopened')
    await openSettingsStore({ database: before, slot: 0 }).save(SETTINGS)
    await before.close()
    expect(await openSettingsStore({ database: open('reopened'), slot: 0 }).load()).toEqual(SETTINGS)
  })

  test('that do not read as settings are left out', async () => {
    const database = open()
    await (await database.connect()).put('settings', { ...SETTINGS, duty: 7, colour: 'red' }, 0)
    const { duty: _, ...sound } = SETTINGS
    expect(await openSettingsStore({ database, slot: 0 }).load()).toEqual(sound)
  })
})
