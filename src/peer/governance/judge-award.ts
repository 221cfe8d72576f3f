import type { Charter } from '../../domain/charter/charter.ts'
import { poolOf } from '../../domain/jury/pool.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { castLot, numberTrees, seatsDue, ticketsOf } from '../../domain/lot.ts'
import { readAs, type DeclineReason, type MessageOf, type Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { treesSeenBy, trustAt } from '../../domain/trust/trust.ts'
import type { CourtView } from '../view.ts'

export interface AwardJudge {
  readonly ledger: LedgerView
  readonly charter: Charter
  /** Whether this device computes only for those with whom it shares a court. */
  readonly needsCourt: () => boolean
}

/** Why an executor leaves a job at its award, and what its requester may read. */
export interface Leaving {
  readonly reason: DeclineReason
  readonly note: string
}

/** What a jury over a job would be drawn from, by what lies before the entry that its offer names. Undefined where that is not held, or names nobody. */
export function courtFor(
  { ledger, charter }: Pick<AwardJudge, 'ledger' | 'charter'>,
  { root, requester, executors }: { root: Uint8Array | undefined; requester: PeerId; executors: readonly PeerId[] },
): CourtView | undefined {
  const past = root && ledger.past([root])
  if (past === undefined || ledger.of('VOUCH').length === 0) return undefined
  const { candidates, overlap, common } = poolOf({ ledger, past, charter, requester, executors })
  return { overlap, pool: candidates.length, common }
}

/**
 * Whether an executor goes on with a job that it is named in: the lot must seat introducer trees as the ledger has them at the offer's root, and where
 * the device's owner wants it, both sides must share a court. What is not held here says nothing against the requester.
 */
export function judgeAward(
  { ledger, charter, needsCourt }: AwardJudge,
  offer: Read<MessageOf<'offer'>>,
  { message }: Read<MessageOf<'award'>>,
): Leaving | undefined {
  const { ledger: root, replication } = offer.message
  const wantsCourt = needsCourt()
  if (ledger.of('VOUCH').length === 0 && message.trees === undefined && !wantsCourt) return undefined
  const past = root && ledger.past([root])
  if (past === undefined)
    return wantsCourt
      ? { reason: 'court', note: 'Its records are not held here, so no common court is known.' }
      : undefined
  const requester = offer.author
  const accepts = message.accepts.map((signed) => readAs('accept', signed))
  const trust = trustAt(ledger, past, charter)
  const named = numberTrees(
    accepts.map(({ author }) => author),
    treesSeenBy(trust, [requester]),
  )
  if (String(named) !== String(message.trees))
    return { reason: 'trees', note: 'Its award names other introducers than its records do.' }
  if (!wantsCourt) return undefined
  const order = castLot({ secret: message.secret, job: message.job, tickets: ticketsOf(accepts, message.trees) })
  const executors = seatsDue(order, { seats: replication }).map(({ peer }) => peer)
  const { common } = poolOf({ ledger, past, charter, requester, executors, trust })
  return common ? undefined : { reason: 'court', note: 'The two sides share no court.' }
}
