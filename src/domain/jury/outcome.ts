import type { Charter } from '../charter/charter.ts'
import type { BodyOf, Undecided } from '../ledger/entry.ts'
import { isSeated, type Seat } from './bench.ts'

/** What the votes of a jury come to. */
export interface Outcome {
  readonly outcome: BodyOf<'RULING'>['outcome']
  readonly why?: Undecided
  /** Those whose votes counted, in the order of their seats. */
  readonly deciders: readonly Seat[]
  /** The clause that it follows from, as a path in the charter. */
  readonly clause: string
  /** Whether nobody is waited for any more. */
  readonly isComplete: boolean
}

export const NO_COURT: Outcome = {
  outcome: 'unresolved',
  why: 'no-common-court',
  deciders: [],
  clause: 'jury.minOverlap',
  isComplete: true,
}

/**
 * What follows from the seats of a jury of that size; undefined while votes are awaited without which nothing follows. A side needs more than
 * `threshold` of all seats, those that nobody fills included, and enough of them must vote at all. Where only some party says that too many do
 * not come, nothing but `no-quorum` follows, and the jury's own word takes its place when it comes.
 */
export function outcomeOf(seats: readonly Seat[], size: number, { jury }: Pick<Charter, 'jury'>): Outcome | undefined {
  const held = seats.filter(isSeated)
  const deciders = held.filter(({ state }) => state === 'revealed')
  const waiting = held.filter(
    ({ state, awaited }) => state !== 'revealed' && !(state === 'committed' && awaited === 'missing'),
  )
  const isComplete = waiting.length === 0
  const side = (vote: Seat['vote']) => deciders.filter((seat) => seat.vote === vote).length > jury.threshold * size
  const isQuorum = (voters: number) => voters >= jury.quorum * size
  const [upheld, dismissed] = [side('uphold'), side('dismiss')]
  const outcome = (what: Outcome['outcome'], clause: string, why?: Undecided): Outcome => ({
    outcome: what,
    ...(why ? { why } : {}),
    deciders,
    clause,
    isComplete,
  })
  if (isQuorum(deciders.length) && upheld !== dismissed)
    return outcome(upheld ? 'upheld' : 'dismissed', 'jury.threshold')
  if (isComplete)
    return isQuorum(deciders.length)
      ? outcome('unresolved', 'jury.threshold', 'no-majority')
      : outcome('unresolved', 'jury.quorum', 'no-quorum')
  const hopeful = waiting.filter(({ awaited }) => awaited === undefined)
  return isQuorum(deciders.length + hopeful.length) ? undefined : outcome('unresolved', 'jury.quorum', 'no-quorum')
}
