import { acceptFault } from './accept.ts'
import type { Charter } from './charter/charter.ts'
import type { Fault } from './fault.ts'
import { equalBytes } from './hash.ts'
import { seatAt, standbyOf } from './job-awarded.ts'
import { close, nobody, outOfOrder, withDecline } from './job-ends.ts'
import type { Awarded, Job, JobEvent, Offered, Step } from './job-state.ts'
import { castLot, jobIdOf, numberTrees, seatsDue, ticketsOf } from './lot.ts'
import { MAX_ACCEPTS, isKind, type Message, type MessageOf, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'

// OFFERED: the window is open, until the lot is cast.

export function whileOffered(job: Offered, event: JobEvent, charter: Charter): Step<Job> {
  if (event.type === 'gone') return closeWindow(without(job, event.from), event.at, charter)
  if (event.type !== 'received') return closeWindow(job, event.at, charter)
  const { read } = event
  if (isKind('accept', read)) {
    const refusal = whyNotAccept(job, read, charter)
    if (refusal !== undefined) return { state: job, effects: [close(read.author, refusal)] }
    return closeWindow({ ...job, accepts: [...job.accepts, read] }, event.at, charter)
  }
  if (isKind('decline', read) && equalBytes(read.message.offer, job.offer.digest)) {
    return closeWindow(withDecline(without(job, read.author), read), event.at, charter)
  }
  return outOfOrder(job, read)
}

function whyNotAccept(job: Offered, read: Read<MessageOf<'accept'>>, charter: Charter): Fault | undefined {
  if (job.accepts.some((other) => other.author === read.author)) return { code: 'REPLAYED', what: 'accept' }
  if (job.accepts.length >= MAX_ACCEPTS) return { code: 'RATE_LIMITED', what: 'accepts' }
  return acceptFault(job.offer, read, charter)
}

/**
 * Draws as soon as every candidate has answered and enough accepted, or after a moment where either is so, or once the
 * wait is over. With too few accepts the moment is for whoever is here and not heard of yet.
 */
function closeWindow(job: Offered, at: number, charter: Charter): Step<Job> {
  const { timeouts } = charter
  const waited = at - job.openedAt
  const none = job.accepts.length === 0
  const settled = everybodyAnswered(job) && (none || isEnough(job))
  const over = settled || (canAward(job) && waited >= timeouts.offerWindow) || waited >= timeouts.offer
  if (!over) return { state: job, effects: [] }
  return none ? nobody(job, 'nobody-accepted', charter) : award(job, at)
}

const isEnough = (job: Offered): boolean => job.accepts.length >= job.offer.message.replication

function everybodyAnswered(job: Offered): boolean {
  const answered = new Set([...job.accepts, ...job.declines].map((read) => read.author))
  return job.candidates.every((peer) => answered.has(peer))
}

/** Whether nothing but the end of the window is waited for. */
export const canAward = (job: Offered): boolean => isEnough(job) || (everybodyAnswered(job) && job.accepts.length > 0)

function award(job: Offered, at: number): Step<Awarded> {
  const id = jobIdOf(
    job.offer.digest,
    job.accepts.map((read) => read.digest),
  )
  const trees = numberTrees(
    job.accepts.map((read) => read.author),
    job.trees,
  )
  const tickets = ticketsOf(job.accepts, trees)
  const order = castLot({ secret: job.secret, job: id, tickets })
  const due = seatsDue(order, { seats: job.offer.message.replication })
  const { candidates: _, trees: __, ...common } = job
  const state: Awarded = {
    ...common,
    phase: 'awarded',
    job: id,
    order,
    seats: due.map((ticket) => seatAt(ticket, at)),
    late: [],
    absent: [],
  }
  const message: Message = {
    kind: 'award',
    offer: job.offer.digest,
    job: id,
    secret: job.secret,
    accepts: job.accepts.map((read) => read.signed),
    ...(trees ? { trees } : {}),
  }
  return {
    state,
    effects: [
      { type: 'send', message, to: standbyOf(state) },
      ...state.seats.map((seat) => ({ type: 'seat' as const, peer: seat.peer })),
    ],
  }
}

const without = (job: Offered, peer: PeerId): Offered => ({
  ...job,
  candidates: job.candidates.filter((other) => other !== peer),
  accepts: job.accepts.filter((read) => read.author !== peer),
})
