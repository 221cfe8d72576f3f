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

  test.for([
    ['nothing', undefined, {}],
    ['no record', 'paused', {}],
    ['null', null, {}],
    ['a list', [true, false], {}],
    ['another type in a field', { ...SETTINGS, paused: 'yes' }, { ...SETTINGS, paused: undefined }],
    ['an engine of another version', { ...SETTINGS, engine: 'npu' }, { ...SETTINGS, engine: undefined }],
    ['a share that nobody can choose', { ...SETTINGS, duty: 7 }, { ...SETTINGS, duty: undefined }],
    ['a negative size', { ...SETTINGS, cacheBytes: -1 }, { ...SETTINGS, cacheBytes: undefined }],
    ['no number', { ...SETTINGS, cacheBytes: Number.NaN }, { ...SETTINGS, cacheBytes: undefined }],
    ['fields of another version', { ...SETTINGS, colour: 'red' }, SETTINGS],
    ['an old record with fewer fields', { paused: true }, { paused: true }],
  ] as const)('that hold %s are read as far as they can be', async ([, record, expected]) => {
    const database = open()
    await (await database.connect()).put('settings', record, 0)
    expect(await openSettingsStore({ database, slot: 0 }).load()).toEqual(expected)
  })
})
