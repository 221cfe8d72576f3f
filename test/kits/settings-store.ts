import { describe, expect, test } from 'vitest'
import type { Settings, SettingsStore } from '../../src/ports/settings.ts'

export const SETTINGS: Settings = {
  paused: true,
  watching: false,
  engine: 'gpu',
  duty: 0.25,
  cacheBytes: 256 << 20,
  needsCourt: true,
  uploadBytesPerSecond: 1 << 20,
}

/** What every `SettingsStore` must do. `open` gives an empty one. */
export function settingsStoreKit(name: string, open: () => SettingsStore): void {
  describe(`${name} is a SettingsStore`, () => {
    test('holds nothing at first', async () => {
      expect(await open().load()).toEqual({})
    })

    test('gives back what was saved last', async () => {
      const store = open()
      await store.save({ ...SETTINGS, paused: false })
      await store.save(SETTINGS)
      expect(await store.load()).toEqual(SETTINGS)
    })
  })
}
