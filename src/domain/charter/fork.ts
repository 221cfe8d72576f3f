import { hex } from '../bytes.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import { encodeCharter, readCharter } from './charter-document.ts'
import { cidOf, type Charter } from './charter.ts'
import { consentIn, turnsByPeer, type Turns } from './members.ts'

/** What somebody would have otherwise: whole fields, or fields of a part. What a charter comes from, and from whom, is not theirs to say. */
export type Changes = {
  readonly [K in Exclude<keyof Charter, 'parents' | 'authors'>]?: Charter[K] extends
    | string
    | number
    | readonly unknown[]
    ? Charter[K]
    : Partial<Charter[K]>
}

/**
 * The charter that comes of changing another: its child, by whoever changes it and those invited, who are its authors once they sign it as
 * such. What the parent entrenched is kept unless the changes say otherwise. Throws `MALFORMED` for what no charter may be.
 */
export function forkOf(charter: Charter, changes: Changes, author: PeerId, invited: readonly PeerId[] = []): Charter {
  const { verification, jury, appeal, membership, amendment, timeouts, ...whole } = changes
  const child: Charter = {
    ...charter,
    version: charter.version + 1,
    ...whole,
    verification: { ...charter.verification, ...verification },
    jury: { ...charter.jury, ...jury },
    appeal: { ...charter.appeal, ...appeal },
    membership: { ...charter.membership, ...membership },
    amendment: { ...charter.amendment, ...amendment },
    timeouts: { ...charter.timeouts, ...timeouts },
    parents: [cidOf(charter)],
    authors: [...new Set([author, ...invited])],
  }
  return readCharter(encodeCharter(child))
}

/** How many come along, of how many. */
export interface Kept {
  readonly kept: number
  readonly of: number
}

export interface Keepsake {
  /** People for whom one vouches. */
  readonly neighbours: Kept
  /** One's trust, wherever it reaches. */
  readonly trust: Kept
  /** Peers that host the room's models. */
  readonly hosts: Kept
  /** Of all those: who signed that charter already, and who only is expected to. */
  readonly signed: readonly PeerId[]
  readonly likely: readonly PeerId[]
  /** Entries that come along, and how many of them are proven facts, and rulings that are shown as the parent's. */
  readonly history: { readonly entries: number; readonly proofs: number; readonly rulings: number }
}

/** What somebody keeps who goes by another charter: worked out before it is done. */
export function whatYouKeep({
  ledger,
  me,
  charter,
  trust,
  hosts,
  goesAlong = new Set(),
  turns = turnsByPeer(ledger),
}: {
  ledger: LedgerView
  me: PeerId
  /** Digest of the charter that one would go by. */
  charter: Uint8Array
  trust: ReadonlyMap<PeerId, number>
  hosts: readonly PeerId[]
  /** Who said that it would: co-authors, sponsors. Default nobody. */
  goesAlong?: ReadonlySet<PeerId>
  /** Default `turnsByPeer(ledger)`. */
  turns?: Turns
}): Keepsake {
  const hasSigned = (peer: PeerId) => consentIn(turns.get(peer) ?? [], charter).grade !== 'none'
  const comes = (peer: PeerId) => hasSigned(peer) || goesAlong.has(peer)
  const others = (peers: Iterable<PeerId>) => [...new Set(peers)].filter((peer) => peer !== me).toSorted()
  const neighbours = others(vouchedBy(ledger, me))
  const trusted = others(trust.keys())
  const hosting = others(hosts)
  const everybody = others([...neighbours, ...trusted, ...hosting])
  const sum = (peers: readonly PeerId[]) => peers.reduce((total, peer) => total + Math.max(0, trust.get(peer) ?? 0), 0)
  const count = (peers: readonly PeerId[]): Kept => ({ kept: peers.filter(comes).length, of: peers.length })
  return {
    neighbours: count(neighbours),
    trust: { kept: sum(trusted.filter(comes)), of: sum(trusted) },
    hosts: count(hosting),
    signed: everybody.filter(hasSigned),
    likely: everybody.filter((peer) => !hasSigned(peer) && goesAlong.has(peer)),
    history: {
      entries: ledger.size,
      proofs: ledger.of('PROVEN').filter((read) => carriesOver(read) === 'fact').length,
      rulings: ledger.of('RULING').length,
    },
  }
}

/** Whom somebody vouches for now: a VOUCH stands until its author takes it back. */
function vouchedBy(ledger: LedgerView, me: PeerId): readonly PeerId[] {
  const mine = <T extends 'VOUCH' | 'REVOKE'>(type: T) => ledger.of(type).filter(({ author }) => author === me)
  const revoked = new Set(mine('REVOKE').map(({ entry: { body } }) => hex(body.vouch)))
  return mine('VOUCH')
    .filter(({ name }) => !revoked.has(name))
    .map(({ entry: { body } }) => peerIdFromKey(body.peer))
}

/**
 * What an entry is under a charter that descends from its own. `fact`: arithmetic, which no charter is needed for. `record`: what somebody did or
 * said of others, which stays said. `parents`: a decision under the parent's rules, shown as the parent's.
 */
export type Carried = 'fact' | 'record' | 'parents'

export function carriesOver(read: ReadEntry): Carried {
  switch (read.entry.type) {
    case 'PROVEN':
      return read.entry.body.state === 'unresolved' ? 'parents' : 'fact'
    case 'ASSERT':
    case 'REFUTE':
    case 'FORKED_LOG':
      return 'fact'
    case 'KEY':
    case 'VOUCH':
    case 'REVOKE':
    case 'RECEIPT':
    case 'AUDIT':
    case 'DEFAULT_SET':
    case 'DEFAULT_AFFIRM':
    case 'CHECKPOINT':
      return 'record'
    case 'CONSENT':
    case 'PROPOSE':
    case 'SPONSOR':
    case 'FORK':
    case 'EXIT':
    case 'CONTEST':
    case 'OPEN_LINK':
    case 'SUMMON':
    case 'SERVE':
    case 'NOSHOW':
    case 'VOTE_COMMIT':
    case 'VOTE_REVEAL':
    case 'RULING':
    case 'APPEAL':
    case 'DISSENT':
      return 'parents'
    default:
      return read.entry satisfies never
  }
}
