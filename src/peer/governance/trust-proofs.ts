import { hex } from '../../domain/hash.ts'
import { isEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'

/**
 * Whether this peer goes by what a PROVEN says: it came to the same by itself; or it looked into nothing, its author is another than who lost by it,
 * and nobody that it holds says that one of the losers stands. Whoever doubts it replays the evidence.
 */
export function provenHere(ledger: LedgerView, read: ReadEntry<'PROVEN'>, self: PeerId): boolean {
  const { job, losers } = read.entry.body
  const lost = losers.map(({ peer }) => peerIdFromKey(peer))
  const all = ledger.about(hex(job)).filter((other) => isEntry('PROVEN', other))
  const own = all.filter(({ author }) => author === self).at(-1)
  if (own) {
    const mine = own.entry.body.losers.map(({ peer }) => peerIdFromKey(peer))
    return lost.every((peer) => mine.includes(peer))
  }
  const isDenied = all.some(
    ({ author, entry }) =>
      !lost.includes(author) && entry.body.stands.some((peer) => lost.includes(peerIdFromKey(peer))),
  )
  return !lost.includes(read.author) && !isDenied
}
