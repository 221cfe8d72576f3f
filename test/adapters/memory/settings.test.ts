import { expect, test } from 'vitest'
import { memorySettingsStore } from '../../../src/adapters/memory/settings.ts'
import { settingsStoreKit } from '../../kits/settings-store.ts'

settingsStoreKit('memory', memorySettingsStore)

test('may begin with settings', async () => {
  expect(await memorySettingsStore({ paused: true }).load()).toEqual({ paused: true })
})
