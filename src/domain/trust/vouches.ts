import { hex } from '../hash.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { peerNames } from './peer-names.ts'

/** Live vouches of one key that count, the first in its log: nobody knows more people, and a flood of them adds nothing. */
export const MAX_VOUCHES = 256

/** Who vouches for whom: rows of targets, as sparse matrices are kept. */
export interface VouchGraph {
  /** Whoever vouches or is vouched for, in the order of their ids. */
  readonly members: readonly PeerId[]
  readonly index: ReadonlyMap<PeerId, number>
  /** Member i vouches for `targets[rows[i]]` to `targets[rows[i + 1] - 1]`, in ascending order. One more than there are members. */
  readonly rows: Uint32Array
  readonly targets: Uint32Array
  /** By member: how many vouch for it. */
  readonly vouchedBy: Uint32Array
}

/** The vouches that their authors have not taken back, in that past where one is given. Of oneself, or of one key again, counts none. */
export function vouchGraph(ledger: LedgerView, past?: Past): VouchGraph {
  const has = (read: ReadEntry) => past === undefined || past.has(read)
  const revoked = new Set<string>()
  for (const read of ledger.of('REVOKE')) {
    const vouch = has(read) ? ledger.get(hex(read.entry.body.vouch)) : undefined
    if (vouch?.author === read.author && vouch.entry.seq < read.entry.seq) revoked.add(vouch.name)
  }
  const nameOf = peerNames()
  const live = ledger.of('VOUCH').filter((read) => has(read) && !revoked.has(read.name))
  return graphOf(
    [...Map.groupBy(live, ({ author }) => author)].map(([author, vouches]) => [
      author,
      vouchedFor(author, vouches, nameOf),
    ]),
  )
}

/** A graph of who vouches for whom, each once and nobody for itself. */
export function graphOf(vouches: readonly (readonly [PeerId, readonly PeerId[]])[]): VouchGraph {
  const members = [
    ...new Set(vouches.flatMap(([peer, others]) => (others.length > 0 ? [peer, ...others] : []))),
  ].toSorted((a, b) => (a < b ? -1 : 1))
  const index = new Map(members.map((peer, i) => [peer, i]))
  const rowOf = new Map(vouches.map(([peer, others]) => [peer, others.map((other) => index.get(other) ?? 0)]))
  const rows = new Uint32Array(members.length + 1)
  const targets: number[] = []
  const vouchedBy = new Uint32Array(members.length)
  for (const [i, peer] of members.entries()) {
    for (const target of (rowOf.get(peer) ?? []).toSorted((a, b) => a - b)) {
      targets.push(target)
      vouchedBy[target] = (vouchedBy[target] ?? 0) + 1
    }
    rows[i + 1] = targets.length
  }
  return { members, index, rows, targets: Uint32Array.from(targets), vouchedBy }
}

/** Whom a member vouches for, in the order of their ids. */
export function vouchedBy({ members, index, rows, targets }: VouchGraph, peer: PeerId): readonly PeerId[] {
  const at = index.get(peer)
  if (at === undefined) return []
  return [...targets.subarray(rows[at], rows[at + 1])].flatMap((target) => members[target] ?? [])
}

/** How many live vouches there are for somebody. */
export const vouchesFor = ({ index, vouchedBy: counts }: VouchGraph, peer: PeerId): number =>
  counts[index.get(peer) ?? -1] ?? 0

function vouchedFor(
  author: PeerId,
  vouches: readonly ReadEntry<'VOUCH'>[],
  nameOf: (key: Uint8Array) => PeerId,
): readonly PeerId[] {
  const inLog = vouches.toSorted((a, b) => a.entry.seq - b.entry.seq)
  const peers = new Set<PeerId>()
  for (const { entry } of inLog) {
    const peer = nameOf(entry.body.peer)
    if (peer !== author) peers.add(peer)
    if (peers.size === MAX_VOUCHES) break
  }
  return [...peers]
}
