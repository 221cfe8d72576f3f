import { hex } from '../hash.ts'
import { isEntry, type EntryType, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import type { Pasts } from './docket.ts'

/** Summonses of one party at one level that are looked at, the first in its log. */
const MAX_SUMMONSES = 4

/**
 * Entries that say only that their author has not come to its link yet: it may have opened, or contested, something else first. Anything else is
 * written after the link that is due, or counts as withholding it.
 */
const OPENINGS: ReadonlySet<EntryType> = new Set(['OPEN_LINK', 'CONTEST', 'APPEAL', 'CHECKPOINT'])

/** What opens a level: the contest, or an appeal of the ruling below. */
export type Opener = ReadEntry<'CONTEST'> | ReadEntry<'APPEAL'>

/** A summons that counts: what it is drawn by, and who did not contribute. */
export interface Summons {
  readonly read: ReadEntry<'SUMMON'>
  /** Parties whose links it names, in the order of the parties. */
  readonly named: readonly PeerId[]
  /** Their links, in the same order. */
  readonly links: readonly Uint8Array[]
  /** Of the others: who was not heard of since the level was opened, and who wrote something else meanwhile. */
  readonly absent: readonly PeerId[]
  readonly withheld: readonly PeerId[]
}

/**
 * The summonses of a level that count, those with the most links first, then by the rank of their authors: the contest's author, the requester,
 * the executors. Each is by a party, lies after what opened the level, names the link of who opened it, and leaves out none that lies
 * before it.
 */
export function summonsesOf(
  ledger: LedgerView,
  pastOf: Pasts,
  {
    contest,
    level,
    parties,
    openers,
    links,
  }: {
    contest: ReadEntry<'CONTEST'>
    level: number
    parties: readonly PeerId[]
    openers: readonly Opener[]
    links: ReadonlyMap<PeerId, readonly ReadEntry<'OPEN_LINK'>[]>
  },
): readonly Summons[] {
  const said = ledger
    .about(contest.name)
    .filter((read) => isEntry('SUMMON', read))
    .filter(({ entry }) => entry.body.level === level)
    .toSorted((a, b) => a.entry.seq - b.entry.seq)
  const rankOf = (peer: PeerId) => (peer === contest.author ? -1 : parties.indexOf(peer))
  return parties
    .flatMap((party) => said.filter(({ author }) => author === party).slice(0, MAX_SUMMONSES))
    .flatMap((read) => readSummons(read) ?? [])
    .toSorted((a, b) => b.named.length - a.named.length || rankOf(a.read.author) - rankOf(b.read.author))

  function readSummons(read: ReadEntry<'SUMMON'>): Summons | undefined {
    const past = pastOf(read)
    const before = openers.filter((opener) => past?.has(opener))
    const ids = new Set(read.entry.body.links.map(hex))
    const chosen = parties.flatMap((party) => links.get(party)?.find(({ name }) => ids.has(name)) ?? [])
    const named = chosen.map(({ author }) => author)
    if (past === undefined || chosen.length < ids.size || ids.size < read.entry.body.links.length) return undefined
    if (!before.some(({ author }) => named.includes(author))) return undefined
    const others = parties.filter((party) => !named.includes(party))
    if (others.some((party) => links.get(party)?.some((link) => past.has(link)))) return undefined
    const withheld = others.filter((party) => hasWithheld(party, past, before))
    return {
      read,
      named,
      links: chosen.map(({ entry }) => entry.body.link),
      absent: others.filter((party) => !withheld.includes(party)),
      withheld,
    }
  }

  /** Whether a party wrote something since it knew that the level was open, and not its link. What its log knows only grows, so the end of it tells. */
  function hasWithheld(party: PeerId, past: Past, before: readonly Opener[]): boolean {
    for (let seq = past.lengthOf(party) - 1; seq >= 0; seq--) {
      const read = ledger.log(party)[seq]
      if (read === undefined || before.some(({ name }) => name === read.name)) return false
      if (!before.some((opener) => pastOf(read)?.has(opener))) return false
      if (!OPENINGS.has(read.entry.type)) return true
    }
    return false
  }
}
