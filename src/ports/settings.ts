import type { Settings } from '../domain/settings.ts'

export type { Settings }

export interface SettingsStore {
  /** What was saved and still reads as settings: a part that does not is left out. Never rejects. */
  load(): Promise<Partial<Settings>>
  /** Replaces what was saved. Rejects with `STORAGE_FULL` or `STORAGE_UNAVAILABLE`. */
  save(settings: Settings): Promise<void>
}
