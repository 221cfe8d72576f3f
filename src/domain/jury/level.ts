import type { Charter } from '../charter/charter.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import type { Seat } from './bench.ts'
import type { Court } from './court.ts'
import type { Docket } from './docket.ts'
import type { Candidate } from './draw.ts'
import type { Outcome } from './outcome.ts'
import type { Hearing } from './ruling.ts'
import type { Opener, Summons } from './summons.ts'
import type { Terms } from './terms.ts'

/** What a level of a case is heard by. */
export interface Sitting {
  readonly contest: ReadEntry<'CONTEST'>
  readonly terms: Terms
  readonly charter: Charter
  readonly court: Court
  readonly level: number
  readonly openers: readonly Opener[]
  /** Who sat at a level below, and which parties held back a link there. */
  readonly sat: ReadonlySet<PeerId>
  readonly forfeited: ReadonlySet<PeerId>
}

/** A jury as a summons draws it. */
export interface Jury {
  readonly summons: Summons
  readonly docket: Docket
}

/** How a level was drawn, before anything is said of votes. */
export interface Draw {
  readonly level: number
  /** What opened it: the contest, or the appeals of the ruling below. */
  readonly openers: readonly Opener[]
  /** Who may be drawn at this level. */
  readonly candidates: readonly Candidate[]
  /** Seats; absent where the parties share no court. */
  readonly size?: number
  /** By party: the entries in which it opened its link. */
  readonly links: ReadonlyMap<PeerId, readonly ReadEntry<'OPEN_LINK'>[]>
  /** Those whose summonses count, with the most links first. */
  readonly juries: readonly Jury[]
}

/** One level of a case: how its jury stands, and what it came to. */
export interface Level extends Draw {
  /** The one that is heard, or was. */
  readonly jury?: Jury
  /** All who were drawn, in the order in which they were asked: as they stood for the ruling, where there is one. */
  readonly seats: readonly Seat[]
  /** The same by all that is held. */
  readonly now: readonly Seat[]
  /** What follows from all that is held. */
  readonly outcome?: Outcome
  readonly ruling?: ReadEntry<'RULING'>
  readonly dissents: readonly ReadEntry<'DISSENT'>[]
  /** Appeals of the ruling that count. */
  readonly appeals: readonly ReadEntry<'APPEAL'>[]
  /** The seats that an appeal of the ruling fills; absent without a ruling, and where the next step is a fork. */
  readonly nextSize?: number
}

export const hearingOf = (
  { contest, terms, charter }: Pick<Sitting, 'contest' | 'terms' | 'charter'>,
  { level, openers, size, juries }: Draw,
): Hearing => ({
  contest,
  level,
  openers,
  parties: terms.parties,
  charter,
  dockets: size === undefined ? undefined : juries.map(({ docket }) => docket),
})
