import type { Charter } from '../charter/charter.ts'
import { consentIn, turnsByPeer } from '../charter/members.ts'
import { equalBytes } from '../hash.ts'
import type { BodyOf, ReadEntry } from '../ledger/entry.ts'
import type { LedgerView, Past } from '../ledger/ledger-view.ts'
import { keyFromPeerId, type PeerId } from '../peer-id.ts'
import { benchOf } from './bench.ts'
import type { Docket, Pasts } from './docket.ts'
import { NO_COURT, outcomeOf, type Outcome } from './outcome.ts'
import type { Opener } from './summons.ts'

/** What a ruling at one level is held against. */
export interface Hearing {
  readonly contest: ReadEntry<'CONTEST'>
  readonly level: number
  readonly openers: readonly Opener[]
  readonly parties: readonly PeerId[]
  readonly charter: Charter
  /** The juries whose summonses count; undefined where the parties share no court. */
  readonly dockets: readonly Docket[] | undefined
}

/** Why a ruling does not count: it must follow, under its charter, from what lies before it. Undefined where it counts. */
export function whyNotRuling(
  ledger: LedgerView,
  pastOf: Pasts,
  hearing: Hearing,
  ruling: ReadEntry<'RULING'>,
): string | undefined {
  const { contest, level, openers, parties, charter, dockets } = hearing
  const { entry } = ruling
  const { body } = entry
  if (!equalBytes(body.contest, contest.id) || body.level !== level) return 'it is about another case or level'
  if (!equalBytes(entry.charter, contest.entry.charter)) return 'it names another charter than the case'
  const { summon } = body
  const docket = summon && dockets?.find(({ summons }) => equalBytes(summons.id, summon))
  if (dockets === undefined && summon) return 'the parties share no court'
  if (dockets && docket === undefined) return 'it names no summons that counts'
  const past = pastOf(ruling)
  if (past === undefined) return 'what lies before it is not held here'
  if (!openers.some((opener) => past.has(opener))) return 'it does not lie after what opened the level'
  const follows = docket ? outcomeOf(benchOf(docket, pastOf)(past), docket.size, charter) : NO_COURT
  if (follows === undefined) return 'nothing follows yet from the votes that lie before it'
  if (body.outcome !== follows.outcome || body.why !== follows.why)
    return `from the votes that lie before it follows ${wordsOf(follows)}`
  if (!sameDeciders(body.deciders, decidersOf(follows))) return 'its deciders are not those whose votes lie before it'
  if (body.clause !== follows.clause) return `it follows from ${follows.clause}`
  if (!sameAffected(body.affected, affectedBy(ledger, parties, contest.entry.charter, past)))
    return 'those whom it affects, or what they had signed, are others'
  return undefined
}

/** What a RULING with that outcome says. */
export const rulingBody = (
  ledger: LedgerView,
  { contest, level, parties }: Pick<Hearing, 'contest' | 'level' | 'parties'>,
  summons: ReadEntry<'SUMMON'> | undefined,
  outcome: Outcome,
): BodyOf<'RULING'> => ({
  contest: contest.id,
  level,
  ...(summons ? { summon: summons.id } : {}),
  outcome: outcome.outcome,
  ...(outcome.why ? { why: outcome.why } : {}),
  deciders: [...decidersOf(outcome)],
  clause: outcome.clause,
  affected: [...affectedBy(ledger, parties, contest.entry.charter)],
})

/** The parties, with the entry by which each went by the charter, in that past where one is given. Its grade is in that entry. */
function affectedBy(
  ledger: LedgerView,
  parties: readonly PeerId[],
  charter: Uint8Array,
  past?: Past,
): BodyOf<'RULING'>['affected'] {
  const turns = turnsByPeer(ledger)
  return parties.map((party) => {
    const { entry } = consentIn(turns.get(party) ?? [], charter, past)
    return { peer: keyFromPeerId(party), ...(entry ? { consent: entry.id } : {}) }
  })
}

const decidersOf = ({ deciders }: Outcome): BodyOf<'RULING'>['deciders'] =>
  deciders.flatMap(({ peer, vote, reveal }) =>
    vote && reveal ? [{ peer: keyFromPeerId(peer), vote, reveal: reveal.id }] : [],
  )

function sameDeciders(a: BodyOf<'RULING'>['deciders'], b: BodyOf<'RULING'>['deciders']): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i]
      return (
        other !== undefined &&
        one.vote === other.vote &&
        equalBytes(one.peer, other.peer) &&
        equalBytes(one.reveal, other.reveal)
      )
    })
  )
}

function sameAffected(a: BodyOf<'RULING'>['affected'], b: BodyOf<'RULING'>['affected']): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i]
      const none = new Uint8Array(0)
      return (
        other !== undefined &&
        equalBytes(one.peer, other.peer) &&
        equalBytes(one.consent ?? none, other.consent ?? none)
      )
    })
  )
}

const wordsOf = ({ outcome, why }: Outcome): string => (why ? `${outcome} (${why})` : outcome)
