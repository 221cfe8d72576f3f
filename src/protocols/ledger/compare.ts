import { equalBytes, hex } from '../../domain/hash.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { keyFromPeerId, peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'
import { MAX_NAMED_FORKS, MAX_PROOFS, MAX_RANGES } from './constants.ts'
import type { Summary, Wanted } from './messages.ts'
import type { ForkedAt, Head } from './packed.ts'

/** A log of which the far side holds another entry at this place: it forked here or before. */
export interface Conflict {
  readonly author: PeerId
  readonly seq: number
}

export interface Comparison {
  /** What the far side holds and this one lacks. */
  readonly wanted: Wanted
  /** What this side holds and the far one lacks. */
  readonly offers: Summary
  readonly conflicts: readonly Conflict[]
}

/** All that is held, as its heads. */
export const summarise = (ledger: Ledger): Summary => ({
  heads: ledger
    .authors()
    .slice(0, MAX_RANGES)
    .flatMap((author) => headOf(ledger, author)),
  forks: forksOf(ledger),
})

function headOf(ledger: Ledger, author: PeerId): Head[] {
  const head = ledger.head(author)
  return head ? [{ key: head.signed.key, length: head.entry.seq + 1, id: head.id }] : []
}

const forksOf = (ledger: Ledger): ForkedAt[] =>
  ledger
    .forks()
    .slice(0, MAX_NAMED_FORKS)
    .map(({ author, seq }) => ({ key: keyFromPeerId(author), seq }))

/** What two sides lack of each other. `isComing` says of a log that somebody else is about to bring it. */
export function compare(ledger: Ledger, far: Summary, isComing: (author: PeerId) => boolean = () => false): Comparison {
  const conflicts: Conflict[] = []
  const ranges: Wanted['ranges'][number][] = []
  const lengths = new Map<PeerId, number>()
  for (const { key, length, id } of far.heads) {
    const author = peerIdFromKey(key)
    const have = ledger.lengthOf(author)
    lengths.set(author, length)
    if (length > have) {
      if (ledger.wants(author) && !isComing(author)) ranges.push({ key, from: have, to: length })
    } else {
      const held = ledger.at(author, length - 1)
      if (held && !equalBytes(held.id, id)) conflicts.push({ author, seq: length - 1 })
    }
  }
  const forked = new Map(far.forks.map(({ key, seq }) => [hex(key), seq]))
  const proofs = far.forks
    .filter(({ key, seq }) => (ledger.forkOf(peerIdFromKey(key))?.seq ?? Infinity) > seq)
    .map(({ key }) => key)
  return {
    wanted: { ranges: ranges.slice(0, MAX_RANGES), ids: [], proofs: proofs.slice(0, MAX_PROOFS) },
    offers: {
      heads: ledger
        .authors()
        .filter((author) => ledger.lengthOf(author) > (lengths.get(author) ?? 0))
        .slice(0, MAX_RANGES)
        .flatMap((author) => headOf(ledger, author)),
      forks: forksOf(ledger).filter(({ key, seq }) => (forked.get(hex(key)) ?? Infinity) > seq),
    },
    conflicts,
  }
}

export const isNothing = ({ ranges, ids, proofs }: Wanted): boolean => ranges.length + ids.length + proofs.length === 0
