import { compareBytes, equalBytes } from '../hash.ts'
import { isEntry, readEntry, type ReadEntry } from './entry.ts'
import type { Fork } from './ledger-view.ts'

/** Two entries of one author for one place of one log, the one of the lesser id first. */
export interface ForkProof {
  readonly first: ReadEntry
  readonly second: ReadEntry
}

/**
 * What a FORKED_LOG shows, by its schema; undefined of any other entry, and of one that shows nothing. Whether both signatures hold
 * is the caller's to check before it lets a ledger take it.
 */
export function proofOf(read: ReadEntry): ForkProof | undefined {
  if (!isEntry('FORKED_LOG', read)) return undefined
  const { first, second } = read.entry.body
  try {
    const proof = forkBetween(readEntry(first), readEntry(second))
    return proof && equalBytes(proof.first.entry.room, read.entry.room) ? proof : undefined
  } catch {
    return undefined
  }
}

/** The proof that two entries are, where they are one. */
export function forkBetween(a: ReadEntry, b: ReadEntry): ForkProof | undefined {
  const same = a.author === b.author && a.entry.seq === b.entry.seq && equalBytes(a.entry.room, b.entry.room)
  const order = compareBytes(a.id, b.id)
  if (!same || order === 0) return undefined
  return order < 0 ? { first: a, second: b } : { first: b, second: a }
}

export const forkOf = ({ first, second }: ForkProof): Fork => ({
  author: first.author,
  seq: first.entry.seq,
  first: first.signed,
  second: second.signed,
})
