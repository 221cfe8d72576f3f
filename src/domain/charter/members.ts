import { equalBytes } from '../bytes.ts'
import { cidOfDigest } from '../cids.ts'
import { isEntry, type Grade, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import type { Charter } from './charter.ts'
import { charterDigest } from './charter-document.ts'

/** An entry with which a peer signs a charter. A FORK signs the text that it holds, whatever charter its author went by before. */
export type Signature = ReadEntry<'CONSENT'> | ReadEntry<'FORK'>

/** An entry with which a peer says what it goes by, or no longer goes by, with what it signs. */
export interface Turn {
  readonly read: Signature | ReadEntry<'EXIT'>
  readonly signs?: { readonly charter: Uint8Array; readonly grade: Grade; readonly entry: Signature }
}

/** Each peer's turns, the newest last: the peers in the order of their names. Worked out once, it serves every question of one ledger. */
export type Turns = ReadonlyMap<PeerId, readonly Turn[]>

/** Whoever goes by a charter that it signed. */
export interface Member {
  readonly peer: PeerId
  /** As the member said: nobody else knows how a signature came about. */
  readonly grade: Grade
  readonly entry: Signature
}

/** How a peer stands to a charter. `none`: it acts under it, and never signed it or has left it. */
export interface Consent {
  readonly grade: Grade | 'none'
  readonly entry?: Signature
}

/** What a peer goes by, and whether it signed that. */
export interface Allegiance extends Consent {
  /** Digest of the charter: what is inside its CID. */
  readonly charter: Uint8Array
}

export function turnsByPeer(ledger: LedgerView): Turns {
  const turns: readonly Turn[] = [
    ...ledger.of('CONSENT').map((read) => turn(read, read.entry.charter, read.entry.body.grade)),
    // Whoever forks has written what it signs.
    ...ledger.of('FORK').map((read) => turn(read, charterDigest(read.entry.body.document), 'authored')),
    ...ledger.of('EXIT').map((read) => ({ read })),
  ]
  return new Map(
    [...Map.groupBy(turns, ({ read }) => read.author)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([peer, own]) => [peer, own.toSorted((a, b) => a.read.entry.seq - b.read.entry.seq)]),
  )
}

/** The members of the charter with this digest, in the order of their names: those whose newest word signs it. */
export const membersOf = (
  ledger: LedgerView,
  charter: Uint8Array,
  past?: Past,
  turns: Turns = turnsByPeer(ledger),
): readonly Member[] =>
  [...turns].flatMap(([peer, own]) => {
    const { grade, entry } = consentIn(own, charter, past)
    return grade === 'none' || entry === undefined ? [] : [{ peer, grade, entry }]
  })

/** Members by the grade of their consent. */
export type MembersByGrade = Readonly<Record<Grade, number>>

export const NO_MEMBERS: MembersByGrade = { 'authored': 0, 'ballot': 0, 'signed-after-diff': 0, 'clicked': 0 }

/** By the charter's CID: how many peers' newest word signs it, and how they came to sign. */
export function countMembers(turns: Turns): ReadonlyMap<string, MembersByGrade> {
  const counts = new Map<string, MembersByGrade>()
  for (const own of turns.values()) {
    const signs = own.at(-1)?.signs
    if (signs === undefined) continue
    const id = cidOfDigest(signs.charter)
    const before = counts.get(id) ?? NO_MEMBERS
    counts.set(id, { ...before, [signs.grade]: before[signs.grade] + 1 })
  }
  return counts
}

export const sumOf = (grades: MembersByGrade): number => Object.values(grades).reduce((sum, count) => sum + count, 0)

/** How a peer stood to a charter in that past, by its own turns: the newest must sign that one. */
export function consentIn(turns: readonly Turn[], charter: Uint8Array, past?: Past): Consent {
  const signs = newest(turns, past)?.signs
  return signs && equalBytes(signs.charter, charter) ? { grade: signs.grade, entry: signs.entry } : { grade: 'none' }
}

/**
 * What a peer goes by: what it signed last and has not left; else what its newest entry names, to which it never consented. Undefined for
 * one without entries, and for one that has left and done nothing since.
 */
export function charterOfMember(
  ledger: LedgerView,
  peer: PeerId,
  past?: Past,
  turns: Turns = turnsByPeer(ledger),
): Allegiance | undefined {
  const signs = newest(turns.get(peer) ?? [], past)?.signs
  if (signs) return signs
  const head = past ? ledger.log(peer)[past.lengthOf(peer) - 1] : ledger.head(peer)
  if (head === undefined) return undefined
  const charter = isEntry('EXIT', head) ? head.entry.body.to : head.entry.charter
  return charter && { charter, grade: 'none' }
}

/** Those of a charter's authors who signed it as such, in that past: the others are named only. */
export const signedAuthors = (
  ledger: LedgerView,
  charter: Pick<Charter, 'authors'>,
  digest: Uint8Array,
  past?: Past,
  turns: Turns = turnsByPeer(ledger),
): readonly PeerId[] =>
  charter.authors.filter((author) =>
    turns
      .get(author)
      ?.some(
        ({ read, signs }) =>
          signs?.grade === 'authored' && equalBytes(signs.charter, digest) && (past?.has(read) ?? true),
      ),
  )

const turn = (entry: Signature, charter: Uint8Array, grade: Grade): Turn => ({
  read: entry,
  signs: { charter, grade, entry },
})

const newest = (turns: readonly Turn[], past?: Past): Turn | undefined =>
  past ? turns.findLast(({ read }) => past.has(read)) : turns.at(-1)
