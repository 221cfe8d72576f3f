import { hex } from '../../domain/hash.ts'
import { isEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'

/** Parties that must say the same, where this peer looked into nothing: as reports count it. */
const LEAST_SAYING = 2

/**
 * Whether this peer goes by what a PROVEN says: it came to the same by itself; or it looked into nothing, and more parties of the job than not, two
 * at least, say last that all of these lost. The word of others proves nothing: whoever doubts it replays the evidence.
 */
export function provenHere(
  ledger: LedgerView,
  read: ReadEntry<'PROVEN'>,
  { self, parties }: { readonly self: PeerId; readonly parties: readonly PeerId[] },
): boolean {
  const { job, losers } = read.entry.body
  const lost = losers.map(({ peer }) => peerIdFromKey(peer))
  const last = new Map<PeerId, ReadEntry<'PROVEN'>>()
  for (const other of ledger.about(hex(job)))
    if (isEntry('PROVEN', other) && other.entry.seq >= (last.get(other.author)?.entry.seq ?? 0))
      last.set(other.author, other)
  const saysSo = ({ entry }: ReadEntry<'PROVEN'>) => {
    const named = entry.body.losers.map(({ peer }) => peerIdFromKey(peer))
    return lost.every((peer) => named.includes(peer))
  }
  const own = last.get(self)
  if (own) return saysSo(own)
  const said = parties.flatMap((party) => last.get(party) ?? [])
  const agreeing = said.filter(saysSo).length
  return agreeing >= LEAST_SAYING && 2 * agreeing > said.length
}
