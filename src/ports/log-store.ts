import type { Signed } from '../domain/envelope.ts'

/**
 * The logs of one room, across reloads. What is read was written by some version of this app or by the device's owner. Rejects with
 * `STORAGE_FULL` or `STORAGE_UNAVAILABLE`.
 */
export interface LogStore {
  /**
   * All that is kept, in pages: each holds consecutive entries of one log, or some that lie beside the logs; the pages of a log come
   * in order, and what lies beside them comes last. What does not read is left out, and so is what follows it in its log.
   */
  load(): AsyncIterable<readonly Signed[]>
  /**
   * Adds entries to the ends of their logs: of each log in order, from `seq` on without a gap. On disk before it resolves: `durability:
   * 'strict'` where there is such a thing.
   */
  append(entries: readonly Appended[]): Promise<void>
  /** Ends a log before a place: 0 lets go of all of it. */
  cut(key: Uint8Array, seq: number): Promise<void>
  /** Replaces what is kept beside the logs. */
  beside(entries: readonly Signed[]): Promise<void>
  clear(): Promise<void>
}

/** An entry with its place in its log. */
export interface Appended {
  readonly signed: Signed
  readonly seq: number
}
