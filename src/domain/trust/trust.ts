import { digestOfCid } from '../cids.ts'
import { cidOf, type Charter } from '../charter/charter.ts'
import { membersOf, signedAuthors, turnsByPeer } from '../charter/members.ts'
import { hex } from '../hash.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { introducerTrees } from './introducers.ts'
import { peerNames } from './peer-names.ts'
import { vouchedBy, vouchGraph, type VouchGraph } from './vouches.ts'

/** What the entries of a ledger, or of some past in it, say of who relies on whom. */
export interface Trust {
  readonly graph: VouchGraph
  /** Whoever goes by the charter. */
  readonly members: ReadonlySet<PeerId>
  /** Of each key that computed any: in how many jobs it did, as their requesters recorded. */
  readonly jobs: ReadonlyMap<PeerId, number>
  /** The charter's authors who signed it as such; absent where it names none. */
  readonly authors?: readonly PeerId[]
}

export function trustAt(ledger: LedgerView, past: Past | undefined, charter: Charter): Trust {
  const digest = digestOfCid(cidOf(charter), 'charter')
  const turns = turnsByPeer(ledger)
  let jobs: Trust['jobs'] | undefined
  return {
    graph: vouchGraph(ledger, past),
    members: new Set(membersOf(ledger, digest, past, turns).map(({ peer }) => peer)),
    // A room has a hundred receipts to each vouch, and few charters ask for jobs: counted when somebody does.
    get jobs() {
      return (jobs ??= jobsOf(ledger, past))
    },
    ...(charter.authors.length > 0 ? { authors: signedAuthors(ledger, charter, digest, past, turns) } : {}),
  }
}

/**
 * Introducer trees as somebody sees them, one or more keys together. Where the charter names authors the trees begin with them, and are the
 * same for everybody. Where it names none they begin with the viewers and with whom these vouch for themselves: nobody else has stood
 * in for those, and a stranger cannot set up a root.
 */
export function treesSeenBy({ graph, authors }: Trust, viewers: readonly PeerId[]): ReadonlyMap<PeerId, PeerId> {
  const roots = authors ?? viewers.flatMap((viewer) => [viewer, ...vouchedBy(graph, viewer)])
  return introducerTrees(graph, roots)
}

/** Of each key: how many jobs' RECEIPTs name it as an executor. */
function jobsOf(ledger: LedgerView, past?: Past): ReadonlyMap<PeerId, number> {
  const jobs = new Map<PeerId, Set<string>>()
  const nameOf = peerNames()
  for (const read of ledger.of('RECEIPT')) {
    if (past && !past.has(read)) continue
    const { job, executors } = read.entry.body
    for (const key of executors) {
      const peer = nameOf(key)
      // Of one's own jobs anybody has as many as it likes.
      if (peer === read.author) continue
      const own = jobs.get(peer) ?? new Set()
      jobs.set(peer, own.add(hex(job)))
    }
  }
  return new Map([...jobs].map(([peer, own]) => [peer, own.size]))
}
