import type { PeerId } from '../peer-id.ts'
import { MAX_HEADS, MAX_SEEN, type BodyOf, type EntryOf, type EntryType, type ReadEntry } from './entry.ts'
import type { Ledger } from './ledger.ts'

export interface NextEntry<T extends EntryType> {
  /** Digest of the charter, 32 bytes. */
  readonly charter: Uint8Array
  readonly type: T
  readonly body: BodyOf<T>
}

/**
 * The next entry of a log, to be signed by its author: where it stands, and what it has seen that nothing in the log reaches yet, the
 * newest first, `MAX_SEEN` at most. The first of a log is a KEY.
 */
export function nextEntry<T extends EntryType>(
  ledger: Ledger,
  author: PeerId,
  { charter, type, body }: NextEntry<T>,
): EntryOf<T> {
  const last = ledger.head(author)
  const seen = ledger.unseenBy(author, MAX_SEEN).map(({ id }) => id)
  return {
    room: ledger.room,
    seq: last ? last.entry.seq + 1 : 0,
    ...(last ? { prev: last.id } : {}),
    seen,
    charter,
    type,
    body,
  } as unknown as EntryOf<T>
}

/** Heads that nothing in a log reaches, none of which reaches another: what a CHECKPOINT of it names. */
export const unseenHeads = (ledger: Ledger, author: PeerId, most = MAX_HEADS): readonly ReadEntry[] =>
  ledger.unseenBy(author, most)
