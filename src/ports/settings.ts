import type { EngineKind } from '../domain/states.ts'

/** What a person may set for this device. Kept across reloads. */
export interface Settings {
  /** Runs no job while paused; takes effect within one job. */
  readonly paused: boolean
  /** Joined to look on: never runs a job. */
  readonly watching: boolean
  /** The engine this device offers. */
  readonly engine: EngineKind
  /** Greatest share of the time, over the last minute, that this device computes for others: 0.1, 0.25, 0.5 or 1. */
  readonly duty: number
  /** Bytes of models kept in the browser. */
  readonly cacheBytes: number
}

export interface SettingsStore {
  /** What was saved and still reads as settings: a part that does not is left out. Never rejects. */
  load(): Promise<Partial<Settings>>
  /** Replaces what was saved. Rejects with `STORAGE_FULL` or `STORAGE_UNAVAILABLE`. */
  save(settings: Settings): Promise<void>
}
