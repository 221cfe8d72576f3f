import { isEntry, type EntryType, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { Candidate } from './draw.ts'
import { opensVote } from './votes.ts'

/** Votes that one juror may show of one summons, early ones included, before no more are looked at. */
const MAX_REVEALS = 8

/** Part of a ledger. */
export type View = Pick<Past, 'has'>
/** All of it. */
export const ALL: View = { has: () => true }

/** Pasts of single entries, each worked out once. Undefined where some of it is not held. */
export type Pasts = (read: ReadEntry) => Past | undefined

export function pastsIn(ledger: LedgerView): Pasts {
  const known = new Map<string, Past | undefined>()
  return (read) => {
    if (!known.has(read.name)) known.set(read.name, ledger.past([read.id]))
    return known.get(read.name)
  }
}

/** One jury: how it is drawn, and all that was said in it. */
export interface Docket {
  readonly summons: ReadEntry<'SUMMON'>
  readonly size: number
  readonly cap: number
  readonly passedOver: ReadonlySet<PeerId>
  /** All who may be asked, in the order drawn. */
  readonly order: readonly Candidate[]
  readonly parties: readonly PeerId[]
  /** The parties whose links it was drawn by. */
  readonly named: readonly PeerId[]
  /** Whether a party that is absent may still appeal. */
  readonly canBeAppealed: boolean
  /** By juror: its SERVEs in the order of its log; its first VOTE_COMMIT; what opens that. */
  readonly serves: ReadonlyMap<PeerId, readonly ReadEntry<'SERVE'>[]>
  readonly commits: ReadonlyMap<PeerId, ReadEntry<'VOTE_COMMIT'>>
  readonly reveals: ReadonlyMap<PeerId, readonly ReadEntry<'VOTE_REVEAL'>[]>
  /** By juror: who said that it was not heard of. */
  readonly calls: ReadonlyMap<PeerId, readonly ReadEntry<'NOSHOW'>[]>
}

export function docketOf(ledger: LedgerView, draw: Omit<Docket, 'serves' | 'commits' | 'reveals' | 'calls'>): Docket {
  const said = ledger.about(draw.summons.name)
  const jurors = new Set(draw.order.map(({ peer }) => peer))
  const serves = byJuror('SERVE', said, jurors)
  const commits = new Map(
    [...byJuror('VOTE_COMMIT', said, jurors)].flatMap(([peer, [first]]) => (first ? [[peer, first] as const] : [])),
  )
  const reveals = new Map(
    [...byJuror('VOTE_REVEAL', said, jurors)].flatMap(([peer, all]) => {
      const commit = commits.get(peer)
      return commit ? [[peer, all.slice(0, MAX_REVEALS).filter((one) => opensVote(commit, one))] as const] : []
    }),
  )
  const calls = Map.groupBy(
    said.filter((read) => isEntry('NOSHOW', read)),
    (read) => peerIdFromKey(read.entry.body.peer),
  )
  return { ...draw, serves, commits, reveals, calls }
}

/** All that a docket holds, for whoever must have it in its own log's past. */
export const entriesOf = ({ summons, serves, commits, reveals, calls }: Docket): readonly ReadEntry[] => [
  summons,
  ...[...serves.values(), ...reveals.values(), ...calls.values()].flat(),
  ...commits.values(),
]

/** What jurors said, by juror in the order of its log. */
function byJuror<T extends EntryType>(
  type: T,
  said: readonly ReadEntry[],
  jurors: ReadonlySet<PeerId>,
): ReadonlyMap<PeerId, readonly ReadEntry<T>[]> {
  const theirs = said.filter((read) => isEntry(type, read)).filter(({ author }) => jurors.has(author))
  return new Map(
    [...Map.groupBy(theirs, ({ author }) => author)].map(([peer, own]) => [
      peer,
      own.toSorted((a, b) => a.entry.seq - b.entry.seq),
    ]),
  )
}
