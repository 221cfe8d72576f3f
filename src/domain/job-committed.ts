import type { Charter } from './charter/charter.ts'
import { commitToOutput, hashTensors } from './commitment.ts'
import { equalBytes } from './hash.ts'
import { again, close, end, outOfOrder, withDecline, withSeat } from './job-ends.ts'
import type { Committed, Ended, Job, JobEvent, Step } from './job-state.ts'
import { isKind, type Message, type Read } from './messages.ts'
import type { Tensors } from './tensor.ts'
import { decide, type Claim } from './verdict.ts'

// COMMITTED: nobody can change; the outputs open.

export function whileCommitted(job: Committed, event: JobEvent, charter: Charter): Step<Job> {
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
  const opens = equalBytes(opened, seat.commit.message.commitment)
  const isAnswer = equalBytes(read.message.set, job.set)
  if (!opens || !isAnswer || outputs === undefined || !equalBytes(hashTensors(outputs), outputHash)) {
    const falsehood = isAnswer && !opens ? read : undefined
    const { state, effects } = again(job, 'false-reveal', [seat.peer], charter, falsehood)
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
