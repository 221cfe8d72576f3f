import type { Charter } from '../charter/charter.ts'
import { equalBytes, hex } from '../hash.ts'
import { isEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import { NO_POOL, poolOf, type Pool } from './pool.ts'
import type { Terms } from './terms.ts'

/** All that is drawn by, as the parties could know it when the job was offered: the same for everybody, for good. */
export interface Court {
  readonly pool: Pool
  /** Who held more of the seats lately than the charter wants. */
  readonly passedOver: ReadonlySet<PeerId>
}

/** The court of a job, by all that lies at and before the entry that its offer names. Undefined where some of that is not held. */
export function courtOf(ledger: LedgerView, terms: Terms, charter: Charter): Court | undefined {
  if (terms.root === undefined) return { pool: NO_POOL, passedOver: new Set() }
  const past = ledger.past([terms.root])
  if (past === undefined) return undefined
  const { requester, executors } = terms
  const pool = poolOf({ ledger, past, charter, requester, executors })
  return { pool, passedOver: seatedLately(ledger, past, charter, new Set(pool.candidates.map(({ peer }) => peer))) }
}

/**
 * Who held more than `gamma` of the seats of the last `cooldown` rulings in that past. Only such rulings count as somebody in the pool had a
 * part in, and of each only those who showed a vote: a case that strangers staged among themselves fills nobody's share.
 */
export function seatedLately(
  ledger: LedgerView,
  past: Past,
  { jury }: Pick<Charter, 'jury'>,
  pool: ReadonlySet<PeerId>,
): ReadonlySet<PeerId> {
  const seats = new Map<PeerId, number>()
  const summons = new Set<string>()
  let all = 0
  for (const read of ledger.of('RULING').toReversed()) {
    if (summons.size >= jury.cooldown) break
    const { summon, deciders } = read.entry.body
    if (summon === undefined || summons.has(hex(summon)) || !past.has(read)) continue
    const shown = deciders.flatMap(({ peer, reveal }) => {
      const vote = ledger.get(hex(reveal))
      const is = vote && isEntry('VOTE_REVEAL', vote) && equalBytes(vote.entry.body.summon, summon)
      return is && equalBytes(vote.signed.key, peer) ? [peerIdFromKey(peer)] : []
    })
    if (!shown.some((peer) => pool.has(peer))) continue
    summons.add(hex(summon))
    for (const peer of new Set(shown)) seats.set(peer, (seats.get(peer) ?? 0) + 1)
    all += new Set(shown).size
  }
  return new Set([...seats].flatMap(([peer, held]) => (held > jury.gamma * all ? [peer] : [])))
}
