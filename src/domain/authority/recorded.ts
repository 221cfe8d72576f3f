import type { Vote } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import type { Decision, Recipe, Report } from './report-shape.ts'

/** A decision as it is counted: with what some measures need of it, and no report shows. */
export interface Recorded extends Decision {
  /**
   * Those whose own signature shows that it is about them: one of them in the reader's trust brings it into the scope `mine`. Whom else
   * somebody names in an entry of its own, it may name as it likes.
   */
  readonly touches: readonly PeerId[]
  /** Of a ruling: what each of its deciders said, in their order. Of others none. */
  readonly votes: readonly Vote[]
  /** Whose computation it verified: the executors of an answer that agreed, the claims that a proof let stand. */
  readonly computed: readonly PeerId[]
}

/** Something that somebody did and that is counted by itself. */
export interface Act {
  /** Of the entry, in hexadecimal. */
  readonly entry: string
  readonly peer: PeerId
}

/** One choice that was made for those who made none. */
export interface DefaultFact {
  /** v: how much it matters beside the others, 0 or more. Which is itself a default. */
  readonly weight: number
  /** U and A: of those who could choose, the shares that run it unchanged, and that affirmed it after seeing the alternatives. 0..1. */
  readonly unchanged: number
  readonly affirmed: number
}

/** How many would come along, of how many. */
export interface Kept {
  readonly kept: number
  readonly of: number
}

/** What a report takes from the entries beside decisions. Lists in causal order. */
export interface RoomFacts {
  /** Those who go by the charter. */
  readonly members: readonly PeerId[]
  /** Keys in the viewer's own trust: whose decisions count in the scope `mine`. */
  readonly trusted: readonly PeerId[]
  /** How many vouch for each key: about what a draw by trust goes by, the parties' own eyes apart. */
  readonly vouches: ReadonlyMap<PeerId, number>
  /** The root of each introduced key's tree. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
  /** Keys, the one whose log begins first in causal order first. */
  readonly seniority: readonly PeerId[]
  /** Proposals that had their sponsors, by proposer. */
  readonly agenda: readonly Act[]
  readonly exits: readonly Act[]
  readonly forks: readonly Act[]
  /** Those who ever signed the charter. */
  readonly signers: readonly PeerId[]
  readonly defaults: readonly DefaultFact[]
  /** The share of the members that ratifies: the quota by which power over amendments is counted. */
  readonly ratifyShare: number
  /** What the viewer keeps if it forks now: of its hosts, of its hosts and neighbours together; and the entries that say so. */
  readonly reach: { readonly hosts: Kept; readonly together: Kept; readonly entries: readonly string[] }
  readonly marked: Report['marked']
}

/** All that a report is a function of. */
export interface ReportInput {
  /** All that are held, in causal order, whatever the scope. */
  readonly decisions: readonly Recorded[]
  readonly facts: RoomFacts
  readonly recipe: Recipe
}
