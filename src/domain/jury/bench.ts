import type { ReadEntry, Vote, BodyOf } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import type { Docket, Pasts, View } from './docket.ts'
import type { Candidate } from './draw.ts'
import { seatsOf } from './seats.ts'

/** How somebody who was drawn stands. `declined` and `absent`: another has been asked in its place. */
export type SeatState = 'summoned' | 'serves' | 'committed' | 'revealed' | 'declined' | 'absent'

/** Somebody who was drawn. */
export interface Seat extends Candidate {
  readonly state: SeatState
  readonly isReplacement: boolean
  readonly vote?: Vote
  readonly reason?: string
  readonly reveal?: ReadEntry<'VOTE_REVEAL'>
  /**
   * Whether it was said that the next word of it did not come in time: `doubted` by some party alone, which replaces nobody; `missing` by all
   * who must say so. Of who has bound its vote: that it did not show it.
   */
  readonly awaited?: 'doubted' | 'missing'
}

export const isSeated = ({ state }: Pick<Seat, 'state'>): boolean => state !== 'declined' && state !== 'absent'

type Why = BodyOf<'NOSHOW'>['why']

/** All who were drawn, in the order in which they were asked, by what lies in a view. */
export type Bench = (view: View) => readonly Seat[]

/**
 * Works out who sits, by these rules:
 * - Whoever answers keeps its seat. That a juror was not heard of counts only while there is no answer of it in the view, whenever it came.
 * - It counts when all parties whose links the jury was drawn by say so (one alone only where the others may still appeal), or one party and
 *   more than half of the seats. A party alone can throw out nobody.
 * - Who serves or binds its vote after votes were shown is not heard: no vote is given in knowledge of others.
 * - A shown vote counts where all who sat, as far as its author had seen, had bound theirs. Nobody can undo that afterwards.
 */
export function benchOf(docket: Docket, pastOf: Pasts): Bench {
  const { size, cap, passedOver, order, parties, named, canBeAppealed } = docket
  const counted = new Map<string, boolean>()
  const shown = [...docket.reveals.values()].flat()

  const isLate = (answer: ReadEntry, view: View): boolean =>
    shown.some(
      (reveal) =>
        reveal.author !== answer.author &&
        view.has(reveal) &&
        pastOf(reveal)?.has(answer) === false &&
        pastOf(answer)?.has(reveal) === true &&
        counts(reveal),
    )

  const stateOf = (peer: PeerId, view: View): SeatState => {
    const commit = docket.commits.get(peer)
    const serves = (docket.serves.get(peer) ?? []).filter((read) => view.has(read))
    const isBound = commit !== undefined && view.has(commit)
    const isOut = ({ entry }: ReadEntry<'SERVE'>) => !entry.body.serves && !(isBound && commit.entry.seq < entry.seq)
    if (serves.some(isOut)) return 'declined'
    if (isBound && !isLate(commit, view)) return 'committed'
    return serves.some((read) => read.entry.body.serves && !isLate(read, view)) ? 'serves' : 'summoned'
  }

  const callOn = (peer: PeerId, why: Why, serving: readonly PeerId[], view: View): Seat['awaited'] => {
    const said = (docket.calls.get(peer) ?? []).filter((read) => read.entry.body.why === why && view.has(read))
    const voices = new Set(said.map(({ author }) => author))
    if (!parties.some((party) => voices.has(party))) return undefined
    const byParties = (named.length > 1 || canBeAppealed) && named.every((party) => voices.has(party))
    const jurors = serving.filter((juror) => juror !== peer && voices.has(juror))
    return byParties || 2 * jurors.length > size ? 'missing' : 'doubted'
  }

  const walk = (view: View) => {
    const states = new Map<PeerId, SeatState>()
    const awaited = new Map<PeerId, Seat['awaited']>()
    const seating = seatsOf(order, { size, cap, passedOver }, (held) => {
      for (const { peer } of held) states.set(peer, stateOf(peer, view))
      const serving = held.flatMap(({ peer }) =>
        ['serves', 'committed'].includes(states.get(peer) ?? '') ? [peer] : [],
      )
      return held.filter(({ peer }) => {
        const state = states.get(peer)
        if (state === 'declined') return true
        const call = callOn(peer, nextOf(state), serving, view)
        awaited.set(peer, call)
        if (call !== 'missing' || state === 'committed') return false
        states.set(peer, 'absent')
        return true
      })
    })
    return { ...seating, states, awaited }
  }

  const counts = (reveal: ReadEntry<'VOTE_REVEAL'>): boolean => {
    const known = counted.get(reveal.name)
    if (known !== undefined) return known
    const past = pastOf(reveal)
    const { held, states } = past ? walk(past) : { held: [], states: new Map<PeerId, SeatState>() }
    const holds =
      held.some(({ peer }) => peer === reveal.author) && held.every(({ peer }) => states.get(peer) === 'committed')
    counted.set(reveal.name, holds)
    return holds
  }

  return (view) => {
    const { asked, states, awaited } = walk(view)
    return asked.map((one, i): Seat => {
      const state = states.get(one.peer) ?? 'summoned'
      const reveal =
        state === 'committed' ? docket.reveals.get(one.peer)?.find((read) => view.has(read) && counts(read)) : undefined
      const call = awaited.get(one.peer)
      const seat = { ...one, isReplacement: i >= size }
      if (reveal) {
        const { vote, reason } = reveal.entry.body
        return { ...seat, state: 'revealed', vote, reason, reveal }
      }
      return { ...seat, state, ...(call ? { awaited: call } : {}) }
    })
  }
}

/** What is waited for from a juror in that state, should it not come. */
export function nextOf(state: SeatState | undefined): Why {
  switch (state) {
    case 'serves':
      return 'no-vote'
    case 'committed':
      return 'no-reveal'
    default:
      return 'no-answer'
  }
}
