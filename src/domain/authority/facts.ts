import { equalBytes, hex } from '../bytes.ts'
import type { Charter } from '../charter/charter.ts'
import { charterBook, type CharterBook } from '../charter/charter-book.ts'
import type { Default } from '../charter/runtime-defaults.ts'
import { defaultShares } from '../charter/default-shares.ts'
import { DEFAULT_VIEW } from '../charter/default-view.ts'
import { consentIn, membersOf, turnsByPeer, type Turns } from '../charter/members.ts'
import { cidOf } from '../charter/charter.ts'
import { cidOfDigest, digestOfCid } from '../cids.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { vouchedBy, vouchesFor, type VouchGraph } from '../trust/vouches.ts'
import type { Decisions } from './decisions.ts'
import { whyNoFork } from './own-findings.ts'
import type { Act, Kept, RoomFacts } from './recorded.ts'
import { treesIn } from './seen-trees.ts'

/** Vouchers of one's own that it takes to bring a stranger into one's trust: one friend who errs brings nobody in. */
const LEAST_VOUCHERS = 2

/** Those for whom somebody vouches, and those for whom two of these do. Further out, keys cost nothing. In the order of their names. */
export function trustedBy(graph: VouchGraph, viewer: PeerId): readonly PeerId[] {
  const known = vouchedBy(graph, viewer)
  const counts = new Map<PeerId, number>()
  for (const friend of known) for (const peer of vouchedBy(graph, friend)) counts.set(peer, (counts.get(peer) ?? 0) + 1)
  const through = [...counts].flatMap(([peer, count]) => (count >= LEAST_VOUCHERS ? [peer] : []))
  return [...new Set([...known, ...through])].filter((peer) => peer !== viewer).toSorted()
}

/** What a report takes from the entries beside decisions, as one peer sees it. */
export function factsOf(
  ledger: LedgerView,
  { agenda, marked }: Pick<Decisions, 'agenda' | 'marked'>,
  { viewer, charter, registry }: { viewer: PeerId; charter: Charter; registry: readonly Default[] },
): RoomFacts {
  const digest = digestOfCid(cidOf(charter), 'charter')
  const turns = turnsByPeer(ledger)
  const { graph, trees } = treesIn(ledger, { viewer, charter, turns })
  const members = membersOf(ledger, digest, undefined, turns).map(({ peer }) => peer)
  const underIt = ({ entry }: { readonly entry: { readonly charter: Uint8Array } }) => equalBytes(entry.charter, digest)
  const act = ({ name, author }: { readonly name: string; readonly author: PeerId }): Act => ({
    entry: name,
    peer: author,
  })
  return {
    members,
    trusted: trustedBy(graph, viewer),
    vouches: new Map(graph.members.map((peer) => [peer, vouchesFor(graph, peer)])),
    trees,
    seniority: ledger.of('KEY').map(({ author }) => author),
    agenda,
    exits: ledger.of('EXIT').filter(underIt).map(act),
    forks: ledger
      .of('FORK')
      .filter((read) => underIt(read) && whyNoFork(read) === undefined)
      .map(act),
    signers: [...turns].flatMap(([peer, own]) =>
      own.some(({ signs }) => signs !== undefined && equalBytes(signs.charter, digest)) ? [peer] : [],
    ),
    defaults: defaultShares(ledger, registry, members)
      .filter(({ of }) => of > 0)
      .map(({ unchanged, affirmed }) => ({ weight: DEFAULT_VIEW.gripWeight, unchanged, affirmed })),
    ratifyShare: charter.amendment.ratifyShare,
    reach: reachOf(ledger, { viewer, digest, graph, turns, book: charterBook(ledger, turns) }),
    marked,
  }
}

/**
 * Who could be expected to come along if the viewer forked now: who vouches for it and is vouched for by it, and who goes by another charter of the same
 * family already. Of its neighbours, with whom there is a vouch either way, and its hosts, who computed an answer for it. It is worked out from entries
 * alone, so that everybody can check it: who is in the room at this moment does not count.
 */
function reachOf(
  ledger: LedgerView,
  {
    viewer,
    digest,
    graph,
    turns,
    book,
  }: { viewer: PeerId; digest: Uint8Array; graph: VouchGraph; turns: Turns; book: CharterBook },
): RoomFacts['reach'] {
  const known = new Set(vouchedBy(graph, viewer))
  const knownBy = new Set(graph.members.filter((peer) => peer !== viewer && vouchedBy(graph, peer).includes(viewer)))
  const receipts = ledger.of('RECEIPT').filter(({ author }) => author === viewer)
  const keys = new Map(receipts.flatMap(({ entry }) => entry.body.executors.map((key) => [hex(key), key] as const)))
  const hosts = new Set([...keys.values()].map(peerIdFromKey))
  hosts.delete(viewer)
  const family = familyOf(digest, book)
  const goesElsewhere = (peer: PeerId) => {
    const own = turns.get(peer) ?? []
    return family.some((charter) => consentIn(own, charter).grade !== 'none')
  }
  const comes = (peer: PeerId) => (known.has(peer) && knownBy.has(peer)) || goesElsewhere(peer)
  const count = (peers: Iterable<PeerId>): Kept => {
    const all = [...new Set(peers)]
    return { kept: all.filter(comes).length, of: all.length }
  }
  const vouches = ledger
    .of('VOUCH')
    .filter(({ author, entry }) => author === viewer || peerIdFromKey(entry.body.peer) === viewer)
  return {
    hosts: count(hosts),
    together: count([...known, ...knownBy, ...hosts]),
    entries: [...vouches, ...receipts].map(({ name }) => name),
  }
}

/** Digests of the charters that share a parent with one, or come from it. */
function familyOf(digest: Uint8Array, book: CharterBook): readonly Uint8Array[] {
  const id = cidOfDigest(digest)
  const parents = new Set(book.get(id)?.charter.parents)
  return [...book.values()]
    .filter((known) => known.id !== id && known.charter.parents.some((parent) => parent === id || parents.has(parent)))
    .map((known) => digestOfCid(known.id, 'charter'))
}
