import { acceptFault } from './accept.ts'
import type { Charter } from './charter/charter.ts'
import { digestOf } from './envelope.ts'
import { equalBytes } from './hash.ts'
import { again, close, nobody, outOfOrder, withDecline, withSeat } from './job-ends.ts'
import type { Awarded, Committed, Job, JobEvent, Seat, Step } from './job-state.ts'
import { seatsDue, type Ticket } from './lot.ts'
import { MAX_ACCEPTS, encodeMessage, isKind, type Message, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'

// AWARDED: executors compute and bind themselves; whoever leaves is replaced in the order of the lot.

export function whileAwarded(job: Awarded, event: JobEvent, charter: Charter): Step<Job> {
  switch (event.type) {
    case 'progress':
      return { state: withSeat(job, event.from, (seat) => ({ ...seat, lastSign: event.at })), effects: [] }
    case 'gone':
      return replace(job, [event.from], event.at, charter)
    case 'tick': {
      const late = job.seats
        .filter((seat) => !seat.commit && event.at >= patience(seat, charter))
        .map((seat) => seat.peer)
      return late.length === 0 ? { state: job, effects: [] } : replace(job, late, event.at, charter)
    }
    case 'received':
      return receiveCommit(job, event.read, event.at, charter)
    case 'cancel':
      return { state: job, effects: [] }
    default:
      return event satisfies never
  }
}

function receiveCommit(job: Awarded, read: Read, at: number, charter: Charter): Step<Job> {
  if (isKind('accept', read) && isStranger(job, read.author) && !acceptFault(job.offer, read, charter)) {
    const late = job.late.includes(read.author) ? job.late : [...job.late, read.author].slice(0, MAX_ACCEPTS)
    return { state: { ...job, late }, effects: [close(read.author)] }
  }
  if (isKind('decline', read) && equalBytes(read.message.offer, job.offer.digest)) {
    return replace(withDecline(job, read), [read.author], at, charter)
  }
  const seat = job.seats.find((other) => other.peer === read.author)
  const fits = isKind('commit', read) && equalBytes(read.message.job, job.job) && read.message.engine === seat?.engine
  if (seat === undefined || !fits) return outOfOrder(job, read)
  // A second commit is a lie whatever it says: the first one bound its author.
  if (seat.commit !== undefined) {
    const { state, effects } = replace(job, [read.author], at, charter)
    return { state, effects: [close(read.author, { code: 'REPLAYED', what: 'commit' }), ...effects] }
  }
  return closeCommits(
    withSeat(job, read.author, (other) => ({ ...other, commit: read })),
    at,
  )
}

/** Gives the places of those who vanished, declined or lied to the next in the lot's order. */
function replace(job: Awarded, gone: readonly PeerId[], at: number, charter: Charter): Step<Job> {
  const leaving = gone.filter((peer) => !job.absent.includes(peer) && job.order.some((ticket) => ticket.peer === peer))
  const absent = [...job.absent, ...leaving]
  const seats = seatsDue(job.order, { seats: job.offer.message.replication, absent }).map(
    (ticket) => job.seats.find((seat) => seat.peer === ticket.peer) ?? seatAt(ticket, at),
  )
  const called = seats.filter((seat) => !job.seats.includes(seat))
  const state: Awarded = { ...job, seats, absent }
  if (seats.length === 0) return nobody(state, 'nobody-committed', charter)
  // Fewer than were drawn is for want of anybody else, never while somebody is here whom a new lot could seat.
  const { attempt } = job.offer.message
  if (seats.length < job.seats.length && job.late.length > 0 && attempt < charter.verification.attempts)
    return again(state, 'short-handed', leaving, charter)
  const { state: next, effects } = closeCommits(state, at)
  return { state: next, effects: [...called.map(({ peer }) => ({ type: 'seat' as const, peer })), ...effects] }
}

export const seatAt = (ticket: Ticket, at: number): Seat => ({ ...ticket, since: at, lastSign: at })

const isStranger = ({ order }: Awarded, peer: PeerId): boolean => !order.some((ticket) => ticket.peer === peer)

/** Who accepted and neither sits nor left. */
export const standbyOf = ({ order, seats, absent }: Awarded): PeerId[] =>
  order
    .map((ticket) => ticket.peer)
    .filter((peer) => !absent.includes(peer) && !seats.some((seat) => seat.peer === peer))

function closeCommits(job: Awarded, at: number): Step<Awarded | Committed> {
  const commits = job.seats.flatMap((seat) => (seat.commit ? [seat.commit.signed] : []))
  if (commits.length < job.seats.length) return { state: job, effects: [] }
  const message: Message = { kind: 'commit-set', job: job.job, commits, absent: [...job.absent] }
  // What the requester's signature of it will be named: reveals answer this set and no other.
  const set = digestOf({ ...job.offer.signed, body: encodeMessage(message) })
  return {
    state: { ...job, phase: 'committed', committedAt: at, set },
    effects: [
      { type: 'send', message, to: job.seats.map((seat) => seat.peer) },
      ...standbyOf(job).map((peer) => close(peer)),
    ],
  }
}

/** The moment at which a seat without a commit counts as vanished. */
export const patience = (seat: Seat, { timeouts }: Charter): number =>
  Math.min(seat.since + timeouts.commit, seat.lastSign + timeouts.silence)
