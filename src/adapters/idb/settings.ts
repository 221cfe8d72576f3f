import * as v from 'valibot'
import type { Settings, SettingsStore } from '../../ports/settings.ts'
import { storageFault, type MootDatabase } from './database.ts'

const FIELDS = {
  paused: v.boolean(),
  watching: v.boolean(),
  engine: v.picklist(['cpu', 'gpu']),
  duty: v.picklist([0.1, 0.25, 0.5, 1]),
  cacheBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
} satisfies { [K in keyof Settings]: v.GenericSchema<Settings[K]> }

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

/** The fields of a record that read as settings; the others are as if they had never been set. */
function readSettings(record: unknown): Partial<Settings> {
  if (typeof record !== 'object' || record === null) return {}
  const sound = Object.entries(record).filter(
    ([name, value]) => Object.hasOwn(FIELDS, name) && v.is(FIELDS[name as keyof Settings], value),
  )
  return Object.fromEntries(sound)
}
