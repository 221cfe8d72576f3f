import type { Signed } from '../envelope.ts'
import type { PeerId } from '../peer-id.ts'
import type { EntryType, ReadEntry } from './entry.ts'

/** All that lies before some entries: of each log a beginning. */
export interface Past {
  /** Entries of that log which lie in it: 0 for one that is not in it at all. */
  lengthOf(author: PeerId): number
  has(read: ReadEntry): boolean
}

/** One key signed two entries for one place of its log. What came before stands; nothing from there on does. */
export interface Fork {
  readonly author: PeerId
  readonly seq: number
  readonly first: Signed
  readonly second: Signed
}

/**
 * The entries of a room that a peer holds: of each log a beginning without gaps, up to where it forked. Everything that is worked out
 * from it is equal for whoever holds the same entries, in whatever order they came.
 */
export interface LedgerView {
  /** 16 bytes. */
  readonly room: Uint8Array
  readonly size: number
  /** By id, in hexadecimal. */
  get(name: string): ReadEntry | undefined
  /** Those who have a log here, in the order of their names. */
  authors(): readonly PeerId[]
  /** A log from its KEY on. */
  log(author: PeerId): readonly ReadEntry[]
  head(author: PeerId): ReadEntry | undefined
  forks(): readonly Fork[]
  /** All of one type, in causal order. */
  of<T extends EntryType>(type: T): readonly ReadEntry<T>[]
  /**
   * What refers to a subject, in causal order: entries whose bodies name it as their job, contest, summons, ruling, vouch, proposal. By
   * hexadecimal id or job.
   */
  about(subject: string): readonly ReadEntry[]
  /** All of them in causal order: by depth in the graph of links, then by id. */
  inOrder(): readonly ReadEntry[]
  /** What lies before and at these entries. Undefined where some of it is not held here. */
  past(heads: readonly Uint8Array[]): Past | undefined
  /** Sha-256 over all heads: equal roots are equal ledgers. */
  root(): Uint8Array
  /** Heads that are held, of all that were heard of. */
  coverage(): { readonly held: number; readonly known: number }
}
