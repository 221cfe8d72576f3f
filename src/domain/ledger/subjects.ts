import { hex } from '../hash.ts'
import type { Entry } from './entry.ts'

/** Ids of the entries that a body names: they lie before it, as what `prev` and `seen` name does. */
export function namedBy(entry: Entry): readonly Uint8Array[] {
  switch (entry.type) {
    case 'REVOKE':
      return [entry.body.vouch]
    case 'SPONSOR':
      return [entry.body.proposal]
    case 'OPEN_LINK':
      return [entry.body.contest]
    case 'SUMMON':
      return [entry.body.contest, ...entry.body.links]
    case 'SERVE':
    case 'VOTE_COMMIT':
    case 'VOTE_REVEAL':
      return [entry.body.summon]
    case 'NOSHOW':
      return present(entry.body.summon)
    case 'RULING':
      return [
        entry.body.contest,
        ...present(entry.body.summon),
        ...entry.body.deciders.map(({ reveal }) => reveal),
        ...entry.body.affected.flatMap(({ consent }) => present(consent)),
      ]
    case 'APPEAL':
    case 'DISSENT':
      return [entry.body.ruling]
    case 'REFUTE':
      return [entry.body.ruling, entry.body.proof]
    case 'CHECKPOINT':
      return entry.body.heads
    default:
      return []
  }
}

/** What an entry is about, in hexadecimal: a job, or the id of a contest, a summons, a ruling, a vouch, a proposal, a proof. */
export function subjectsOf(entry: Entry): readonly string[] {
  switch (entry.type) {
    case 'RECEIPT':
    case 'AUDIT':
    case 'CONTEST':
    case 'ASSERT':
    case 'PROVEN':
      return [hex(entry.body.job)]
    case 'REVOKE':
      return [hex(entry.body.vouch)]
    case 'SPONSOR':
      return [hex(entry.body.proposal)]
    case 'OPEN_LINK':
    case 'SUMMON':
      return [hex(entry.body.contest)]
    case 'SERVE':
    case 'VOTE_COMMIT':
    case 'VOTE_REVEAL':
      return [hex(entry.body.summon)]
    case 'NOSHOW':
      return distinct([...present(entry.body.summon), ...present(entry.body.job)])
    case 'RULING':
      return distinct([entry.body.contest, ...present(entry.body.summon)])
    case 'APPEAL':
    case 'DISSENT':
      return [hex(entry.body.ruling)]
    case 'REFUTE':
      return distinct([entry.body.ruling, entry.body.proof])
    default:
      return []
  }
}

const present = (id: Uint8Array | undefined): readonly Uint8Array[] => (id === undefined ? [] : [id])

const distinct = (ids: readonly Uint8Array[]): readonly string[] => [...new Set(ids.map(hex))]
