import { cidOf, type Charter } from '../charter/charter.ts'
import { digestOfCid } from '../cids.ts'
import type { Signed } from '../envelope.ts'
import { fault, MootError } from '../fault.ts'
import { equalBytes } from '../hash.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { isSeated } from './bench.ts'
import { courtOf, type Court } from './court.ts'
import { pastsIn } from './docket.ts'
import { hear } from './hear.ts'
import { hearingOf, type Level } from './level.ts'
import { whyNotRuling } from './ruling.ts'
import type { Opener } from './summons.ts'
import { readTerms, signedIn, type Terms } from './terms.ts'

/** A contest before a jury, as far as the entries that are held tell. */
export interface Case {
  readonly contest: ReadEntry<'CONTEST'>
  readonly terms: Terms
  readonly charter: Charter
  /** Absent where the ledger that the job was offered under is not held: then there are no levels, and nothing can be said. */
  readonly court?: Court
  /** The first, and each that was appealed to. */
  readonly levels: readonly Level[]
  /** Parties that held back a link, and may not appeal. */
  readonly forfeited: readonly PeerId[]
}

/** Why a contest is no case for a jury under that charter; undefined where it is one. */
export function whyNoCase(
  contest: ReadEntry<'CONTEST'>,
  charter: Charter,
  verified: (signed: Signed) => boolean,
): string | undefined {
  try {
    const terms = readTerms(contest)
    if (!equalBytes(terms.charter, digestOfCid(cidOf(charter), 'charter'))) return 'it is under another charter'
    return signedIn(contest).every(verified) ? undefined : 'a signature inside it does not hold'
  } catch (error) {
    if (error instanceof MootError) return 'why' in error.fault ? error.fault.why : 'it is too large'
    throw error
  }
}

/**
 * A case, worked out from the entries of a ledger: equal for whoever holds the same ones. `verified` says whether a signature inside the contest
 * holds; `court` is `courtOf` the same job, where the caller has it. Throws `MALFORMED` where `whyNoCase` says why.
 */
export function caseOf(
  ledger: LedgerView,
  contest: ReadEntry<'CONTEST'>,
  charter: Charter,
  { verified, court }: { verified: (signed: Signed) => boolean; court?: Court | undefined },
): Case {
  const why = whyNoCase(contest, charter, verified)
  if (why !== undefined) throw fault({ code: 'MALFORMED', what: 'contest', why })
  return caseOn(ledger, contest, charter, { terms: readTerms(contest), court })
}

/** The same of a contest of which `whyNoCase` has nothing to say, and `terms` are what `readTerms` gives: asked again and again, as entries come. */
export function caseOn(
  ledger: LedgerView,
  contest: ReadEntry<'CONTEST'>,
  charter: Charter,
  { terms, court: known }: { terms: Terms; court?: Court | undefined },
): Case {
  const court = known ?? courtOf(ledger, terms, charter)
  if (court === undefined) return { contest, terms, charter, levels: [], forfeited: [] }
  const pastOf = pastsIn(ledger)
  const levels: Level[] = []
  let sat: ReadonlySet<PeerId> = new Set()
  let forfeited: ReadonlySet<PeerId> = new Set()
  let openers: readonly Opener[] = [contest]
  while (openers.length > 0) {
    const level = hear(ledger, pastOf, {
      contest,
      terms,
      charter,
      court,
      level: levels.length,
      openers,
      sat,
      forfeited,
    })
    levels.push(level)
    sat = new Set([...sat, ...level.seats.filter(isSeated).map(({ peer }) => peer)])
    forfeited = new Set([...forfeited, ...(level.jury?.summons.withheld ?? [])])
    openers = level.appeals
  }
  return {
    contest,
    terms,
    charter,
    court,
    levels,
    forfeited: terms.parties.filter((party) => forfeited.has(party)),
  }
}

/** Why a RULING about a case does not count; undefined where it does. */
export function checkRuling(ledger: LedgerView, of: Case, ruling: ReadEntry<'RULING'>): string | undefined {
  if (of.court === undefined) return 'what its jury is drawn by is not held here'
  const level = of.levels[ruling.entry.body.level]
  if (level === undefined) return 'the case has no such level'
  return whyNotRuling(ledger, pastsIn(ledger), hearingOf(of, level), ruling)
}

/** Why a party may not appeal the last ruling; undefined where it may. */
export function whyNotAppeal({ levels, terms, forfeited }: Case, peer: PeerId): string | undefined {
  const last = levels.at(-1)
  if (last?.ruling === undefined) return 'there is no ruling to appeal'
  if (!terms.parties.includes(peer)) return 'only the asker and those who answered may appeal'
  if (forfeited.includes(peer)) return 'it held back its link for a jury'
  if (last.nextSize === undefined) return 'there is no larger jury here: the next step is a fork'
  return undefined
}
