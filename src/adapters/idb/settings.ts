import { readSettings } from '../../domain/settings.ts'
import type { SettingsStore } from '../../ports/settings.ts'
import { storageFault, type MootDatabase } from './database.ts'

export interface SettingsInit {
  readonly database: MootDatabase
  /** The identity's slot: two tabs of one browser have settings of their own. */
  readonly slot: number
}

/** The settings of one identity, kept in this browser. */
export const openSettingsStore = ({ database, slot }: SettingsInit): SettingsStore => ({
  async load() {
    try {
      return readSettings(await (await database.connect()).get('settings', slot))
    } catch {
      return {}
    }
  },
  async save(settings) {
    try {
      const tx = (await database.connect()).transaction('settings', 'readwrite', { durability: 'strict' })
      await Promise.all([tx.store.put({ ...settings }, slot), tx.done])
    } catch (error) {
      throw storageFault(error)
    }
  },
})
