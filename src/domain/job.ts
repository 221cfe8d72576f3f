import type { Charter } from './charter.ts'
import { commitToOutput, hashTensors } from './commitment.ts'
import type { Fault } from './fault.ts'
import { equalBytes, fromHex } from './hash.ts'
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
import { castLot, jobIdOf } from './lot.ts'
import type { Arithmetic } from './manifest.ts'
import { isKind, MAX_ACCEPTS, type Message, type MessageOf, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import type { Tensors } from './tensor.ts'
import { decide, type Claim } from './verdict.ts'

/** Opens an attempt. The OFFER is signed already: its digest is the job's root. */
export const openJob = (options: {
  offer: Read<MessageOf<'offer'>>
  secret: Uint8Array
  arithmetic: Arithmetic
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
      return job.accepts.length >= job.offer.message.replication
        ? job.openedAt + timeouts.offerWindow
        : Math.min(last, job.openedAt + timeouts.offer)
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
  const { message, author } = read
  if (!equalBytes(message.offer, job.offer.digest))
    return { code: 'MALFORMED', what: 'accept', why: 'it is for another offer' }
  if (job.accepts.some((other) => other.author === author)) return { code: 'REPLAYED', what: 'accept' }
  if (job.accepts.length >= MAX_ACCEPTS) return { code: 'RATE_LIMITED', what: 'accepts' }
  if (job.offer.message.engine === 'cpu' && message.engine !== 'cpu')
    return { code: 'ENGINE_UNAVAILABLE', engine: message.engine, why: 'this job asks for a cpu' }
  if (job.offer.message.excluded.includes(author))
    return { code: 'OUT_OF_ORDER', what: 'accept', during: 'an exclusion' }
  const known =
    message.engine === 'gpu' || charter.canons.some((canon) => equalBytes(fromHex(canon.wasmSha256), message.wasm))
  return known ? undefined : { code: 'CANON_UNKNOWN', canon: message.build }
}

/** Draws as soon as every candidate has answered, or enough have and the window is over, or the wait is. */
function closeWindow(job: Offered, at: number, charter: Charter): Step<Job> {
  const { timeouts } = charter
  const answered = new Set([...job.accepts, ...job.declines].map((read) => read.author))
  const everybody = job.candidates.every((peer) => answered.has(peer))
  const enough = job.accepts.length >= job.offer.message.replication
  const waited = at - job.openedAt
  const over = everybody || (enough && waited >= timeouts.offerWindow) || waited >= timeouts.offer
  if (!over) return { state: job, effects: [] }
  return job.accepts.length === 0 ? nobody(job, 'nobody-accepted', charter) : award(job, at)
}

function award(job: Offered, at: number): Step<Awarded> {
  const id = jobIdOf(
    job.offer.digest,
    job.accepts.map((read) => read.digest),
  )
  const tickets = job.accepts.map((read) => ({ peer: read.author, engine: read.message.engine }))
  const seats = job.offer.message.replication
  const order = castLot({ secret: job.secret, job: id, seats, tickets })
  const { candidates: _, ...common } = job
  const state: Awarded = {
    ...common,
    phase: 'awarded',
    job: id,
    seats: order.slice(0, seats).map((ticket) => ({ ...ticket, since: at, lastSign: at })),
    standby: order.slice(seats),
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
      { type: 'send', message, to: state.standby.map((ticket) => ticket.peer) },
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
  const leaving = [...job.seats, ...job.standby].map((ticket) => ticket.peer).filter((peer) => gone.includes(peer))
  const left = job.seats.filter((seat) => leaving.includes(seat.peer))
  const waiting = job.standby.filter((ticket) => !leaving.includes(ticket.peer))
  const called = waiting.slice(0, left.length).map((ticket) => ({ ...ticket, since: at, lastSign: at }))
  const state: Awarded = {
    ...job,
    seats: [...job.seats.filter((seat) => !left.includes(seat)), ...called],
    standby: waiting.slice(left.length),
    absent: [...job.absent, ...leaving],
  }
  if (state.seats.length === 0) return nobody(state, 'nobody-committed', charter)
  const { state: next, effects } = closeCommits(state, at)
  return { state: next, effects: [...called.map(({ peer }) => ({ type: 'seat' as const, peer })), ...effects] }
}

function closeCommits(job: Awarded, at: number): Step<Awarded | Committed> {
  const commits = job.seats.flatMap((seat) => (seat.commit ? [seat.commit.signed] : []))
  if (commits.length < job.seats.length) return { state: job, effects: [] }
  const message: Message = { kind: 'commit-set', job: job.job, commits, absent: [...job.absent] }
  return {
    state: { ...job, phase: 'committed', committedAt: at },
    effects: [
      { type: 'send', message, to: job.seats.map((seat) => seat.peer) },
      ...job.standby.map((ticket) => close(ticket.peer)),
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
    return again(withDecline(job, read), 'no-reveal', [], charter)
  if (!isKind('reveal', read) || !equalBytes(read.message.job, job.job)) return outOfOrder(job, read)
  const { output: outputHash, salt, computeMs } = read.message
  const opened = commitToOutput({ job: job.job, peer: seat.peer, engine: seat.engine, outputHash, salt })
  const holds = equalBytes(opened, seat.commit.message.commitment)
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
  const verdict = decide([first, ...others], job.arithmetic)
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
        outputs: claims.map((claim) => claim.outputs),
      },
      { type: 'send', message: receipt, to, publish: true },
      ...ended.effects,
    ],
  }
}

// Ends

/** Nobody is left in this attempt. Where those who were asked said that the job cannot be run, asking again would not help. */
function nobody(job: Offered | Awarded, reason: AgainReason, charter: Charter): Step<Ended> {
  const cannot = job.declines.filter((read) => read.message.reason === 'cannot')
  const [first] = cannot
  const gone = job.phase === 'awarded' ? job.absent.filter((peer) => !cannot.some((read) => read.author === peer)) : []
  if (first !== undefined && gone.length === 0)
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
  const { offer, secret, arithmetic, openedAt, accepts, declines } = job
  return {
    state: { phase: 'ended', offer, secret, arithmetic, openedAt, accepts, declines, outcome },
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
