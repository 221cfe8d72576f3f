import { equalBytes } from '../bytes.ts'
import { cidOfDigest } from '../cids.ts'
import { faultOf, sentence } from '../fault.ts'
import { isEntry, type Grade, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { charterBook, type CharterBook } from './charter-book.ts'
import { charterDigest, readCharter } from './charter-document.ts'
import type { Charter } from './charter.ts'
import { shortCid } from './clause-words.ts'
import { consentIn, turnsByPeer, type Signature, type Turns } from './members.ts'

/** How far a proposal has come. `void`: it does not count; `lapsed`: its time ran out. Whoever signs it goes by it in every phase. */
export type AmendmentPhase = 'void' | 'proposed' | 'notice' | 'signing' | 'ratified' | 'lapsed'

/** One of three ways in which the signatures under a proposal are counted. */
export interface Count {
  /** Everybody alike; introducer trees; the reader's own trust. */
  readonly way: 'raw' | 'introducers' | 'your-trust'
  readonly signed: number
  readonly of: number
  /** What `signed` must reach. */
  readonly needed: number
  /** False where `of` is 0: nobody counted has signed anything. */
  readonly passes: boolean
}

export interface SponsorView {
  readonly peer: PeerId
  readonly entry: ReadEntry<'SPONSOR'>
  /** Why it counts for nothing; absent where it counts. */
  readonly ignored?: 'proposer' | 'not-a-member' | 'same-introducer'
}

export interface Amendment {
  readonly proposal: ReadEntry<'PROPOSE'>
  readonly phase: AmendmentPhase
  /** Why it does not count, in a sentence; only of a void one. */
  readonly reason?: string
  /** CIDs of the charter that it would amend, and of the one that it proposes. */
  readonly from: string
  readonly to: string
  /** Absent where the text is none. */
  readonly charter?: Charter
  readonly sponsors: readonly SponsorView[]
  readonly sponsorsNeeded: number
  /** Members of either charter: those of whom it is asked. */
  readonly active: readonly PeerId[]
  /** Those who went over. The others stay where they are. */
  readonly signed: readonly { readonly peer: PeerId; readonly grade: Grade; readonly entry: Signature }[]
  readonly counts: readonly Count[]
}

export interface AmendmentContext {
  /** Of each key that was introduced, the root of its introducer tree. Those of none share one place. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
  /** The reader's own trust in others, 0 or more. */
  readonly trust: ReadonlyMap<PeerId, number>
  /** Milliseconds since the reader first held enough sponsors, by its own clock. Default 0. */
  readonly waited?: number
  /** Default `turnsByPeer(ledger)` and `charterBook(ledger)`: for whoever asks of several. */
  readonly turns?: Turns
  readonly book?: CharterBook
}

/** A count passes by this much less than is needed: sums of shares of trees round. */
const ROUNDING = 1e-9

/** The tree of those whom nobody introduced: no key has this name. */
const NO_TREE = ''

/**
 * Where a proposal stands. It binds nobody but those who sign it: `ratified` says that many did, and is reached when the parent charter's
 * share of the active members signed in each way of counting, once it is sponsored. The reader's own trust stops it only where it reaches anybody.
 */
export function amendmentOf(
  ledger: LedgerView,
  proposal: ReadEntry<'PROPOSE'>,
  { trees, trust, waited = 0, turns = turnsByPeer(ledger), book = charterBook(ledger, turns) }: AmendmentContext,
): Amendment {
  const { charter: parent, body } = proposal.entry
  const to = charterDigest(body.document)
  const from = cidOfDigest(parent)
  const signers = [...turns].flatMap(([peer, own]) => {
    const { grade, entry } = consentIn(own, to)
    return grade === 'none' || entry === undefined ? [] : [{ peer, grade, entry }]
  })
  const stayed = [...turns].filter(([, own]) => consentIn(own, parent).grade !== 'none').map(([peer]) => peer)
  const active = [...new Set([...signers.map(({ peer }) => peer), ...stayed])].toSorted()
  const rules = book.get(from)?.charter
  const common = { proposal, from, to: cidOfDigest(to), active, signed: signers }
  const nothing = { sponsors: [], sponsorsNeeded: rules?.amendment.sponsors ?? 0, counts: [] }

  const text = readText(body.document)
  if ('reason' in text) return { ...common, ...nothing, phase: 'void', reason: text.reason }
  const { charter } = text
  const reason = whyVoid(charter, proposal.author, { from, rules, active })
  if (reason !== undefined || rules === undefined)
    return { ...common, ...nothing, charter, phase: 'void', ...(reason === undefined ? {} : { reason }) }

  const sponsors = sponsorsOf(ledger, proposal, { trees, active })
  const signed = new Set(signers.map(({ peer }) => peer))
  const counts = countsOf({ active, signed, trees, trust, rules })
  const isSponsored = sponsors.filter(({ ignored }) => ignored === undefined).length >= rules.amendment.sponsors
  return {
    ...common,
    charter,
    sponsors,
    sponsorsNeeded: rules.amendment.sponsors,
    counts,
    phase: isSponsored ? phaseOf(counts, waited, rules) : 'proposed',
  }
}

function whyVoid(
  charter: Charter,
  proposer: PeerId,
  { from, rules, active }: { from: string; rules: Charter | undefined; active: readonly PeerId[] },
): string | undefined {
  if (!charter.parents.includes(from))
    return `The charter that it proposes does not name the one that it would amend (${shortCid(from)}) as its parent.`
  if (rules === undefined) return `The charter that it would amend (${shortCid(from)}) is not held here.`
  if (!active.includes(proposer)) return 'Whoever proposed it goes by another charter.'
  return undefined
}

/** Sponsors in causal order: the first of each introducer tree counts, beside the proposer's own. */
function sponsorsOf(
  ledger: LedgerView,
  proposal: ReadEntry<'PROPOSE'>,
  { trees, active }: { trees: ReadonlyMap<PeerId, PeerId>; active: readonly PeerId[] },
): readonly SponsorView[] {
  const treeOf = (peer: PeerId) => trees.get(peer) ?? NO_TREE
  const taken = new Set([treeOf(proposal.author)])
  const seen = new Set<PeerId>()
  return ledger.about(proposal.name).flatMap((entry): SponsorView[] => {
    const { author: peer } = entry
    if (!isEntry('SPONSOR', entry) || !equalBytes(entry.entry.body.proposal, proposal.id) || seen.has(peer)) return []
    seen.add(peer)
    if (peer === proposal.author) return [{ peer, entry, ignored: 'proposer' }]
    if (!active.includes(peer)) return [{ peer, entry, ignored: 'not-a-member' }]
    if (taken.has(treeOf(peer))) return [{ peer, entry, ignored: 'same-introducer' }]
    taken.add(treeOf(peer))
    return [{ peer, entry }]
  })
}

function countsOf({
  active,
  signed,
  trees,
  trust,
  rules,
}: {
  active: readonly PeerId[]
  signed: ReadonlySet<PeerId>
  trees: ReadonlyMap<PeerId, PeerId>
  trust: ReadonlyMap<PeerId, number>
  rules: Charter
}): readonly Count[] {
  const share = rules.amendment.ratifyShare
  const count = (way: Count['way'], total: number, of: number): Count => {
    const needed = share * of
    return { way, signed: total, of, needed, passes: of > 0 && total >= needed - ROUNDING }
  }
  const went = active.filter((peer) => signed.has(peer))
  const members = sizesBy(active, trees)
  const gone = sizesBy(went, trees)
  // A tree counts for as many as may sit for it on one jury, and its members share that alike.
  const places = [...members].map(([tree, size]) => {
    const most = Math.min(size, rules.jury.introducerCap)
    return { most, taken: (most * (gone.get(tree) ?? 0)) / size }
  })
  const trusted = (peers: readonly PeerId[]) => peers.reduce((sum, peer) => sum + Math.max(0, trust.get(peer) ?? 0), 0)
  return [
    count('raw', went.length, active.length),
    count(
      'introducers',
      places.reduce((sum, { taken }) => sum + taken, 0),
      places.reduce((sum, { most }) => sum + most, 0),
    ),
    count('your-trust', trusted(went), trusted(active)),
  ]
}

/** How many of these peers each tree has, in the order in which the trees come. */
function sizesBy(peers: readonly PeerId[], trees: ReadonlyMap<PeerId, PeerId>): ReadonlyMap<PeerId, number> {
  const sizes = new Map<PeerId, number>()
  for (const peer of peers) {
    const tree = trees.get(peer) ?? NO_TREE
    sizes.set(tree, (sizes.get(tree) ?? 0) + 1)
  }
  return sizes
}

/** Of a sponsored one. A reader who trusts nobody among the members has no count of its own, and goes by the other two. */
function phaseOf(counts: readonly Count[], waited: number, { timeouts }: Charter): AmendmentPhase {
  if (counts.every(({ way, of, passes }) => passes || (way === 'your-trust' && of === 0))) return 'ratified'
  if (waited < timeouts.notice) return 'notice'
  return waited < timeouts.notice + timeouts.signing ? 'signing' : 'lapsed'
}

function readText(document: Uint8Array): { readonly charter: Charter } | { readonly reason: string } {
  try {
    return { charter: readCharter(document) }
  } catch (error) {
    return { reason: sentence(faultOf(error)) }
  }
}
