import type { Charter } from './charter/charter.ts'
import type { Fault } from './fault.ts'
import type {
  AgainReason,
  Awarded,
  Committed,
  Ended,
  Job,
  JobEffect,
  Offered,
  Outcome,
  Seat,
  Step,
} from './job-state.ts'
import { MAX_ACCEPTS, type MessageOf, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'

// How an attempt ends, and the small parts that every phase uses.

/** Nobody is left in this attempt. Where all who were asked said that the job cannot be run, asking again would not help. */
export function nobody(job: Offered | Awarded, reason: AgainReason, charter: Charter): Step<Ended> {
  const declined = new Set(job.declines.map((read) => read.author))
  const gone = job.phase === 'awarded' ? job.absent.filter((peer) => !declined.has(peer)) : []
  const [first] = job.declines
  if (first !== undefined && gone.length === 0 && job.declines.every((read) => read.message.reason === 'cannot'))
    return end(job, { kind: 'lost', fault: { code: 'DECLINED', why: first.message.note } })
  return again(job, reason, gone, charter)
}

export function again(
  job: Exclude<Job, Ended>,
  reason: AgainReason,
  who: readonly PeerId[],
  charter: Charter,
  falsehood?: Read<MessageOf<'reveal'>>,
): Step<Ended> {
  const { attempt } = job.offer.message
  if (attempt >= charter.verification.attempts)
    return end(job, { kind: 'lost', fault: { code: 'NOBODY_LEFT', attempts: attempt } })
  const proof = falsehood ? { falsehood } : {}
  return end(job, { kind: 'again', reason, who, ...(job.phase === 'offered' ? {} : { job: job.job }), ...proof })
}

export function end(job: Exclude<Job, Ended>, outcome: Outcome): Step<Ended> {
  const { offer, secret, numerics, openedAt, accepts, declines } = job
  return {
    state: { phase: 'ended', offer, secret, numerics, openedAt, accepts, declines, outcome },
    effects: accepts.map((read) => close(read.author)),
  }
}

export const close = (peer: PeerId, fault?: Fault): JobEffect => ({ type: 'close', peer, ...(fault ? { fault } : {}) })

/** A message that has no place now: its stream closes, the job goes on. */
export const outOfOrder = <S extends Exclude<Job, Ended>>(job: S, read: Read): Step<S> => ({
  state: job,
  effects: [close(read.author, { code: 'OUT_OF_ORDER', what: read.message.kind, during: job.phase })],
})

/** One word of each who declined is kept, and no more than there may be accepts: whoever floods adds nothing. */
export const withDecline = <S extends Exclude<Job, Ended>>(job: S, read: Read<MessageOf<'decline'>>): S =>
  job.declines.length >= MAX_ACCEPTS || job.declines.some((other) => other.author === read.author)
    ? job
    : { ...job, declines: [...job.declines, read] }

export const withSeat = <S extends Awarded | Committed>(job: S, peer: PeerId, change: (seat: Seat) => Seat): S => ({
  ...job,
  seats: job.seats.map((seat) => (seat.peer === peer ? change(seat) : seat)),
})
