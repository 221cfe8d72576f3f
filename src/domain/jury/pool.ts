import type { Charter } from '../charter/charter.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { pageRank } from '../trust/page-rank.ts'
import { treesSeenBy, trustAt, type Trust } from '../trust/trust.ts'
import { vouchesFor } from '../trust/vouches.ts'
import type { Candidate } from './draw.ts'
import { sizeAt } from './sizes.ts'

/** By what a weight becomes a whole number: both sides' masses sum to 1, so that all weights together stay under it. */
const SCALE = 2 ** 40

/** From whom the juries over a job may be drawn. */
export interface Pool {
  /** In the order of their ids. */
  readonly candidates: readonly Candidate[]
  /** Of each side's own trust, what it has in the parties apart: the share that lies in the pool, 0..1. */
  readonly overlap: { readonly requester: number; readonly executors: number }
  /** Whether these two share a court: enough of either side's trust, and enough candidates for a first jury. */
  readonly common: boolean
}

export const NO_POOL: Pool = { candidates: [], overlap: { requester: 0, executors: 0 }, common: false }

/**
 * The pool between a requester and executors, by what lies in a past. A candidate goes by the charter, is no party, has the vouches and
 * the jobs that it asks for, and is reached by the vouches of either side; it weighs the root of the product of what both trust it with.
 */
export function poolOf({
  ledger,
  past,
  charter,
  requester,
  executors,
  trust = trustAt(ledger, past, charter),
}: {
  ledger: LedgerView
  past: Past
  charter: Charter
  requester: PeerId
  executors: readonly PeerId[]
  /** As `trustAt` gives it for the same past, where the caller has it. */
  trust?: Trust
}): Pool {
  const { graph, members } = trust
  const { alpha, minOverlap } = charter.jury
  const { vouches, probationJobs } = charter.membership
  const parties = new Set([requester, ...executors])
  const sides = [[requester], executors].map((side) => ({
    rank: pageRank(graph, side, alpha),
    trees: treesSeenBy(trust, side),
  }))
  const candidates = graph.members.flatMap((peer): Candidate[] => {
    if (parties.has(peer) || !members.has(peer)) return []
    if (vouchesFor(graph, peer) < vouches) return []
    if (probationJobs > 0 && (trust.jobs.get(peer) ?? 0) < probationJobs) return []
    const trees = sides.flatMap(({ trees: all }) => all.get(peer) ?? [])
    let product = 1
    for (const { rank } of sides) product *= rank.get(peer) ?? 0
    const weight = Math.floor(Math.sqrt(product) * SCALE)
    return weight > 0 && trees.length === sides.length ? [{ peer, weight, trees }] : []
  })
  const inPool = new Set(candidates.map(({ peer }) => peer))
  const [ofRequester = 0, ofExecutors = 0] = sides.map(({ rank }) => shareIn(rank, inPool, parties))
  return {
    candidates,
    overlap: { requester: ofRequester, executors: ofExecutors },
    common: Math.min(ofRequester, ofExecutors) >= minOverlap && sizeAt(charter, 0, candidates) !== undefined,
  }
}

/** Of the mass outside the parties: the share inside the pool. 0 where there is none. */
function shareIn(rank: ReadonlyMap<PeerId, number>, pool: ReadonlySet<PeerId>, parties: ReadonlySet<PeerId>): number {
  let [inside, all] = [0, 0]
  for (const [peer, mass] of rank) {
    if (parties.has(peer)) continue
    all += mass
    if (pool.has(peer)) inside += mass
  }
  return all > 0 ? inside / all : 0
}
