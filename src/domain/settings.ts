import * as v from 'valibot'
import type { EngineKind } from './states.ts'

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
  /** Bytes of models kept on this device. */
  readonly cacheBytes: number
  /** Computes only for those with whom it shares a court: a jury that both sides' trust reaches. */
  readonly needsCourt: boolean
  /** Bytes a second, at most, that this device sends of its models to others. 0: no limit. */
  readonly uploadBytesPerSecond: number
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const FIELDS = {
  paused: v.boolean(),
  watching: v.boolean(),
  engine: v.picklist(['cpu', 'gpu']),
  duty: v.picklist([0.1, 0.25, 0.5, 1]),
  cacheBytes: count,
  needsCourt: v.boolean(),
  uploadBytesPerSecond: count,
} satisfies { [K in keyof Settings]: v.GenericSchema<Settings[K]> }

/** The fields of a record that read as settings; the others are as if they had never been set. */
export function readSettings(record: unknown): Partial<Settings> {
  if (typeof record !== 'object' || record === null) return {}
  const sound = Object.entries(record).filter(
    ([name, value]) => Object.hasOwn(FIELDS, name) && v.is(FIELDS[name as keyof Settings], value),
  )
  return Object.fromEntries(sound)
}
