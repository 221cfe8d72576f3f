import type { Charter } from './charter.ts'
import { acceptFault } from './accept.ts'
import { commitToOutput, hashTensors } from './commitment.ts'
import { digestOf } from './envelope.ts'
import type { Fault } from './fault.ts'
import { equalBytes } from './hash.ts'
import type {
  AgainReason,
  Awarded,
  Committed,
  Ended,
  Job,
  JobEffect,
  JobEvent,
  Offered,
  Outcome,
  Seat,
  Step,
} from './job-state.ts'
import { castLot, jobIdOf, seatsDue, type Ticket } from './lot.ts'
import type { Numerics } from './agreement.ts'
import { encodeMessage, isKind, MAX_ACCEPTS, type Message, type MessageOf, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import type { Tensors } from './tensor.ts'
import { decide, type Claim } from './verdict.ts'

/** Opens an attempt. The OFFER is signed already: its digest is the job's root. */
export const openJob = (options: {
  offer: Read<MessageOf<'offer'>>
  secret: Uint8Array
  numerics: Numerics
  candidates: readonly PeerId[]
  at: number
}): Offered => {
  const { at, ...rest } = options
  return { phase: 'offered', openedAt: at, accepts: [], declines: [], ...rest }
}

export function step(job: Job, event: JobEvent, charter: Charter): Step<Job> {
  if (job.phase === 'ended') return { state: job, effects: [] }
  if (event.type === 'cancel') return end(job, { kind: 'cancelled' })
  if (event.at >= job.openedAt + job.offer.message.deadline) {
    const limitMs = job.offer.message.deadline
    return end(job, { kind: 'lost', fault: { code: 'TIMED_OUT', what: 'answer', limitMs } })
  }
  switch (job.phase) {
    case 'offered':
      return whileOffered(job, event, charter)
    case 'awarded':
      return whileAwarded(job, event, charter)
    case 'committed':
      return whileCommitted(job, event, charter)
    default:
      return job satisfies never
  }
}

/** When `step` next wants a `tick`, on the same clock as the events. Undefined once ended. */
export function wakeAt(job: Job, charter: Charter): number | undefined {
  const { timeouts } = charter
  const last = job.openedAt + job.offer.message.deadline
  switch (job.phase) {
    case 'offered':
      return Math.min(last, job.openedAt + (canAward(job) ? timeouts.offerWindow : timeouts.offer))
    case 'awarded':
      return Math.min(last, ...job.seats.filter((seat) => !seat.commit).map((seat) => patience(seat, charter)))
    case 'committed':
      return Math.min(last, job.committedAt + timeouts.reveal)
    case 'ended':
      return undefined
    default:
      return job satisfies never
  }
}

// OFFERED: the window is open

function whileOffered(job: Offered, event: JobEvent, charter: Charter): Step<Job> {
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
const canAward = (job: Offered): boolean => isEnough(job) || (everybodyAnswered(job) && job.accepts.length > 0)

function award(job: Offered, at: number): Step<Awarded> {
  const id = jobIdOf(
    job.offer.digest,
    job.accepts.map((read) => read.digest),
  )
  const tickets = job.accepts.map((read) => ({ peer: read.author, engine: read.message.engine }))
  const order = castLot({ secret: job.secret, job: id, tickets })
  const due = seatsDue(order, { seats: job.offer.message.replication })
  const { candidates: _, ...common } = job
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
  }
  return {
    state,
    effects: [
      { type: 'send', message, to: standbyOf(state) },
      ...state.seats.map((seat) => ({ type: 'seat' as const, peer: seat.peer })),
    ],
  }
}

// AWARDED: executors compute and bind themselves

function whileAwarded(job: Awarded, event: JobEvent, charter: Charter): Step<Job> {
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

const seatAt = (ticket: Ticket, at: number): Seat => ({ ...ticket, since: at, lastSign: at })

const isStranger = ({ order }: Awarded, peer: PeerId): boolean => !order.some((ticket) => ticket.peer === peer)

/** Who accepted and neither sits nor left. */
const standbyOf = ({ order, seats, absent }: Awarded): PeerId[] =>
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
const patience = (seat: Seat, { timeouts }: Charter): number =>
  Math.min(seat.since + timeouts.commit, seat.lastSign + timeouts.silence)

// COMMITTED: nobody can change; the outputs open

function whileCommitted(job: Committed, event: JobEvent, charter: Charter): Step<Job> {
  switch (event.type) {
    case 'gone':
      return job.seats.some((seat) => seat.peer === event.from && !seat.claim)
        ? again(job, 'no-reveal', [event.from], charter)
        : { state: job, effects: [] }
    case 'tick': {
      const closed = job.seats.filter((seat) => !seat.claim).map((seat) => seat.peer)
      return event.at < job.committedAt + charter.timeouts.reveal
        ? { state: job, effects: [] }
        : again(job, 'no-reveal', closed, charter)
    }
    case 'received':
      return receiveReveal(job, event.read, event.outputs, charter)
    case 'progress':
    case 'cancel':
      return { state: job, effects: [] }
    default:
      return event satisfies never
  }
}

function receiveReveal(job: Committed, read: Read, outputs: Tensors | undefined, charter: Charter): Step<Job> {
  const seat = job.seats.find((other) => other.peer === read.author)
  if (seat?.commit === undefined || seat.claim !== undefined) return outOfOrder(job, read)
  if (isKind('decline', read) && equalBytes(read.message.offer, job.offer.digest))
    return again(withDecline(job, read), 'withdrew', [seat.peer], charter)
  if (!isKind('reveal', read) || !equalBytes(read.message.job, job.job)) return outOfOrder(job, read)
  const { output: outputHash, salt, computeMs } = read.message
  const opened = commitToOutput({ job: job.job, peer: seat.peer, engine: seat.engine, outputHash, salt })
  const holds = equalBytes(opened, seat.commit.message.commitment) && equalBytes(read.message.set, job.set)
  if (!holds || outputs === undefined || !equalBytes(hashTensors(outputs), outputHash)) {
    const { state, effects } = again(job, 'false-reveal', [seat.peer], charter)
    return { state, effects: [close(seat.peer, { code: 'COMMITMENT_MISMATCH', what: 'reveal' }), ...effects] }
  }
  const claim: Claim = { peer: seat.peer, engine: seat.engine, outputHash, outputs, computeMs }
  return closeReveals(withSeat(job, seat.peer, (other) => ({ ...other, reveal: read, claim })))
}

function closeReveals(job: Committed): Step<Committed | Ended> {
  const claims = job.seats.flatMap((seat) => (seat.claim ? [seat.claim] : []))
  const [first, ...others] = claims
  if (first === undefined || claims.length < job.seats.length) return { state: job, effects: [] }
  const verdict = decide([first, ...others], job.numerics)
  const to = job.seats.map((seat) => seat.peer)
  const reveals = job.seats.flatMap((seat) => (seat.reveal ? [seat.reveal.signed] : []))
  const { message: offer } = job.offer
  const receipt: Message = {
    kind: 'receipt',
    room: offer.room,
    job: job.job,
    model: offer.model,
    state: verdict.state,
    attempt: offer.attempt,
    ...(offer.repeats ? { repeats: offer.repeats } : {}),
    claims: claims.map(({ peer, engine, outputHash }) => ({ peer, engine, output: outputHash })),
    returned: verdict.returned.outputHash,
    drawnFrom: job.accepts.length,
  }
  const ended = end(job, { kind: 'decided', verdict, job: job.job, seats: job.seats, accepts: job.accepts })
  return {
    state: ended.state,
    effects: [
      {
        type: 'send',
        message: { kind: 'reveal-set', job: job.job, reveals },
        to,
        claims,
      },
      { type: 'send', message: receipt, to, publish: true },
      ...ended.effects,
    ],
  }
}

// Ends

/** Nobody is left in this attempt. Where all who were asked said that the job cannot be run, asking again would not help. */
function nobody(job: Offered | Awarded, reason: AgainReason, charter: Charter): Step<Ended> {
  const declined = new Set(job.declines.map((read) => read.author))
  const gone = job.phase === 'awarded' ? job.absent.filter((peer) => !declined.has(peer)) : []
  const [first] = job.declines
  if (first !== undefined && gone.length === 0 && job.declines.every((read) => read.message.reason === 'cannot'))
    return end(job, { kind: 'lost', fault: { code: 'DECLINED', why: first.message.note } })
  return again(job, reason, gone, charter)
}

function again(job: Exclude<Job, Ended>, reason: AgainReason, who: readonly PeerId[], charter: Charter): Step<Ended> {
  const { attempt } = job.offer.message
  if (attempt >= charter.verification.attempts)
    return end(job, { kind: 'lost', fault: { code: 'NOBODY_LEFT', attempts: attempt } })
  return end(job, { kind: 'again', reason, who, ...(job.phase === 'offered' ? {} : { job: job.job }) })
}

function end(job: Exclude<Job, Ended>, outcome: Outcome): Step<Ended> {
  const { offer, secret, numerics, openedAt, accepts, declines } = job
  return {
    state: { phase: 'ended', offer, secret, numerics, openedAt, accepts, declines, outcome },
    effects: accepts.map((read) => close(read.author)),
  }
}

// Small parts

const close = (peer: PeerId, fault?: Fault): JobEffect => ({ type: 'close', peer, ...(fault ? { fault } : {}) })

/** A message that has no place now: its stream closes, the job goes on. */
const outOfOrder = <S extends Exclude<Job, Ended>>(job: S, read: Read): Step<S> => ({
  state: job,
  effects: [close(read.author, { code: 'OUT_OF_ORDER', what: read.message.kind, during: job.phase })],
})

/** One word of each who declined is kept, and no more than there may be accepts: whoever floods adds nothing. */
const withDecline = <S extends Exclude<Job, Ended>>(job: S, read: Read<MessageOf<'decline'>>): S =>
  job.declines.length >= MAX_ACCEPTS || job.declines.some((other) => other.author === read.author)
    ? job
    : { ...job, declines: [...job.declines, read] }

const without = (job: Offered, peer: PeerId): Offered => ({
  ...job,
  candidates: job.candidates.filter((other) => other !== peer),
  accepts: job.accepts.filter((read) => read.author !== peer),
})

const withSeat = <S extends Awarded | Committed>(job: S, peer: PeerId, change: (seat: Seat) => Seat): S => ({
  ...job,
  seats: job.seats.map((seat) => (seat.peer === peer ? change(seat) : seat)),
})
