import { signedAuthors, type Turns } from '../charter/members.ts'
import { cidOf, type Charter } from '../charter/charter.ts'
import { digestOfCid } from '../cids.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { treesSeenBy } from '../trust/trust.ts'
import { vouchGraph, type VouchGraph } from '../trust/vouches.ts'

/** Who vouches for whom now, and the introducer trees that somebody sees in it. */
export interface SeenTrees {
  readonly graph: VouchGraph
  readonly trees: ReadonlyMap<PeerId, PeerId>
}

/** Without counting anybody's jobs, which takes longer than all of this and draws no tree. */
export function treesIn(
  ledger: LedgerView,
  { viewer, charter, turns }: { viewer: PeerId; charter: Charter; turns: Turns },
): SeenTrees {
  const graph = vouchGraph(ledger)
  const digest = digestOfCid(cidOf(charter), 'charter')
  const authors =
    charter.authors.length > 0 ? { authors: signedAuthors(ledger, charter, digest, undefined, turns) } : {}
  return { graph, trees: treesSeenBy({ graph, members: new Set(), jobs: new Map(), ...authors }, [viewer]) }
}
