import type { Charter } from './charter/charter.ts'
import { commitToInput, commitToOutput, hashTensors } from './commitment.ts'
import { faultOf, type Fault } from './fault.ts'
import { equalBytes, hash } from './hash.ts'
import { castLot, jobIdOf, seatsDue, ticketsOf, type Ticket } from './lot.ts'
import { isKind, readAs, type DeclineReason, type Message, type MessageOf, type Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import type { Tensors } from './tensor.ts'

/**
 * One job as an executor holds it, from its ACCEPT on: WAITING → COMPUTING → COMMITTED → REVEALED → ENDED. The rules
 * protect the executor: it never reveals before everybody is bound, and it notices a requester who changes the terms.
 */
export interface Execution {
  readonly phase: 'waiting' | 'computing' | 'committed' | 'revealed' | 'ended'
  readonly offer: Read<MessageOf<'offer'>>
  readonly accept: Read<MessageOf<'accept'>>
  readonly at: number
  readonly job?: Uint8Array
  readonly output?: {
    readonly tensors: Tensors
    readonly hash: Uint8Array
    readonly salt: Uint8Array
    readonly computeMs: number
  }
  readonly commitment?: Uint8Array
  /** The lot's order, from the AWARD. */
  readonly order?: readonly Ticket[]
  readonly commitSet?: Read<MessageOf<'commit-set'>>
  /** Why it ended, where it did not end well. */
  readonly fault?: Fault
}

export type ExecutionEvent =
  | {
      readonly type: 'received'
      readonly at: number
      readonly read: Read
      readonly input?: { readonly tensors: Tensors; readonly salt: Uint8Array }
    }
  | {
      readonly type: 'computed'
      readonly at: number
      readonly outputs: Tensors
      readonly computeMs: number
      readonly salt: Uint8Array
    }
  | { readonly type: 'failed'; readonly at: number; readonly note: string }
  | { readonly type: 'gone'; readonly at: number }
  | { readonly type: 'withdraw'; readonly at: number; readonly reason: DeclineReason; readonly note: string }
  | { readonly type: 'tick'; readonly at: number }

export type ExecutionEffect =
  | { readonly type: 'send'; readonly message: Message }
  | { readonly type: 'reveal'; readonly message: MessageOf<'reveal'>; readonly outputs: Tensors }
  | { readonly type: 'compute'; readonly input: Tensors }
  /** Stop computing, or do not begin. */
  | { readonly type: 'stop' }
  | { readonly type: 'close'; readonly fault?: Fault }

export interface ExecutionStep {
  readonly state: Execution
  readonly effects: readonly ExecutionEffect[]
}

/** Whether a device enters a job at all: undefined to accept, else why not. */
export function whyDecline(
  offer: MessageOf<'offer'>,
  device: {
    watching: boolean
    paused: boolean
    overBudget: boolean
    jobs: number
    maxJobs: number
    charter: string
  },
): DeclineReason | undefined {
  if (device.watching) return 'watching'
  if (device.paused) return 'paused'
  if (offer.charter !== device.charter) return 'charter'
  if (device.overBudget) return 'budget'
  if (device.jobs >= device.maxJobs) return 'busy'
  return undefined
}

export const openExecution = (offer: Execution['offer'], accept: Execution['accept'], at: number): Execution => ({
  phase: 'waiting',
  offer,
  accept,
  at,
})

export function executionStep(
  execution: Execution,
  event: ExecutionEvent,
  me: PeerId,
  charter: Charter,
): ExecutionStep {
  const { phase } = execution
  if (phase === 'ended') return { state: execution, effects: [] }
  switch (event.type) {
    case 'received':
      return receive(execution, event, me)
    case 'computed':
      return phase === 'computing' ? commit(execution, event, me) : { state: execution, effects: [] }
    case 'failed':
      return phase === 'computing' ? leave(execution, 'cannot', event.note) : { state: execution, effects: [] }
    case 'withdraw':
      return phase === 'revealed' ? { state: execution, effects: [] } : leave(execution, event.reason, event.note)
    case 'gone':
      return end(execution)
    case 'tick':
      return event.at < lastMoment(execution, charter)
        ? { state: execution, effects: [] }
        : end(execution, { code: 'TIMED_OUT', what: 'job', limitMs: event.at - execution.at })
    default:
      return event satisfies never
  }
}

/** When an execution whose requester falls silent is given up, on the clock of its events. */
export function lastMoment(execution: Execution, { timeouts }: Charter): number {
  const { phase, at, job, offer } = execution
  const { commit, offer: window, reveal, silence } = timeouts
  // Whom no AWARD has named yet waits for the lot; a standby for a seat; the bound for those who are not bound yet.
  const patience =
    job === undefined
      ? window + silence
      : phase === 'waiting' || phase === 'computing'
        ? commit + silence
        : 2 * commit + reveal
  return at + Math.min(patience, offer.message.deadline)
}

type Received = Extract<ExecutionEvent, { type: 'received' }>

function receive(state: Execution, event: Received, me: PeerId): ExecutionStep {
  const { read } = event
  if (read.author !== state.offer.author) return end(state, { code: 'BAD_SIGNATURE', what: read.message.kind })
  try {
    if (isKind('award', read)) return receiveAward(state, read, event, me)
    if (isKind('commit-set', read)) return receiveCommitSet(state, read, me)
    if (isKind('reveal-set', read)) return receiveRevealSet(state, read)
    if (isKind('receipt', read) && state.phase === 'revealed') return end(state)
  } catch (error) {
    // What a message carries inside it (accepts, commits, reveals) is read here, and may be malformed.
    return end(state, faultOf(error))
  }
  return outOfOrder(state, read)
}

function receiveAward(
  state: Execution,
  read: Read<MessageOf<'award'>>,
  { input, at }: Received,
  me: PeerId,
): ExecutionStep {
  if (state.phase !== 'waiting') return outOfOrder(state, read)
  const { message } = read
  const offer = state.offer.message
  const accepts = message.accepts.map((signed) => readAs('accept', signed))
  const known = state.job === undefined || equalBytes(state.job, message.job)
  const drawn =
    known &&
    equalBytes(message.offer, state.offer.digest) &&
    new Set(accepts.map((accept) => accept.author)).size === accepts.length &&
    (message.trees?.length ?? accepts.length) === accepts.length &&
    equalBytes(hash('moot/lot-secret', message.secret), offer.lot) &&
    equalBytes(
      jobIdOf(
        message.offer,
        accepts.map((accept) => accept.digest),
      ),
      message.job,
    )
  if (!drawn) return end(state, { code: 'COMMITMENT_MISMATCH', what: 'award' })
  if (!accepts.some((accept) => equalBytes(accept.digest, state.accept.digest)))
    return end(state, { code: 'OUT_OF_ORDER', what: 'award', during: 'a lot that leaves this peer out' })
  const tickets = ticketsOf(accepts, message.trees)
  const order = castLot({ secret: message.secret, job: message.job, tickets })
  const next: Execution = { ...state, job: message.job, order, at }
  if (input === undefined) {
    // A standby is told once; the second AWARD seats it.
    if (state.job !== undefined) return outOfOrder(state, read)
    const seated = seatsDue(order, { seats: offer.replication }).some((ticket) => ticket.peer === me)
    return seated
      ? end(state, { code: 'MALFORMED', what: 'award', why: 'its input is missing' })
      : { state: { ...next, phase: 'waiting' }, effects: [] }
  }
  if (!equalBytes(commitToInput(input.salt, input.tensors), offer.input))
    return end(state, { code: 'COMMITMENT_MISMATCH', what: 'input' })
  return { state: { ...next, phase: 'computing' }, effects: [{ type: 'compute', input: input.tensors }] }
}

function commit(state: Execution, event: Extract<ExecutionEvent, { type: 'computed' }>, me: PeerId): ExecutionStep {
  if (state.job === undefined) return { state, effects: [] }
  const { engine } = state.accept.message
  const outputHash = hashTensors(event.outputs)
  const commitment = commitToOutput({ job: state.job, peer: me, engine, outputHash, salt: event.salt })
  const output = { tensors: event.outputs, hash: outputHash, salt: event.salt, computeMs: event.computeMs }
  return {
    state: { ...state, phase: 'committed', output, commitment },
    effects: [{ type: 'send', message: { kind: 'commit', job: state.job, engine, commitment } }],
  }
}

function receiveCommitSet(state: Execution, read: Read<MessageOf<'commit-set'>>, me: PeerId): ExecutionStep {
  const { output, job, commitment, order } = state
  if (state.phase !== 'committed' || !output || !job || !commitment || !order) return outOfOrder(state, read)
  const { absent } = read.message
  const commits = read.message.commits.map((signed) => readAs('commit', signed))
  // Everybody who is due is bound, and nobody else: a set of fewer would show this output to who has not committed.
  const due = seatsDue(order, { seats: state.offer.message.replication, absent })
  const whole =
    equalBytes(read.message.job, job) &&
    absent.every((peer) => order.some((ticket) => ticket.peer === peer)) &&
    commits.length === due.length &&
    due.every((ticket) => commits.some((other) => other.author === ticket.peer)) &&
    commits.every((other) => equalBytes(other.message.job, job)) &&
    commits.some((other) => other.author === me && equalBytes(other.message.commitment, commitment))
  if (!whole) return end(state, { code: 'COMMITMENT_MISMATCH', what: 'commit-set' })
  const { hash: outputHash, salt, computeMs, tensors } = output
  const message: MessageOf<'reveal'> = { kind: 'reveal', job, set: read.digest, output: outputHash, salt, computeMs }
  return {
    state: { ...state, phase: 'revealed', commitSet: read },
    effects: [{ type: 'reveal', message, outputs: tensors }],
  }
}

function receiveRevealSet(state: Execution, read: Read<MessageOf<'reveal-set'>>): ExecutionStep {
  const { job, commitSet } = state
  if (state.phase !== 'revealed' || !job || !commitSet) return outOfOrder(state, read)
  const commits = commitSet.message.commits.map((signed) => readAs('commit', signed))
  const opened = read.message.reveals.every((signed) => {
    const { author, message } = readAs('reveal', signed)
    const bound = commits.find((other) => other.author === author)?.message
    if (bound === undefined || !equalBytes(message.job, job)) return false
    const claim = { job, peer: author, engine: bound.engine, outputHash: message.output, salt: message.salt }
    return equalBytes(commitToOutput(claim), bound.commitment)
  })
  return opened ? { state, effects: [] } : end(state, { code: 'COMMITMENT_MISMATCH', what: 'reveal-set' })
}

/** Leaves with a signed word: it costs nothing. */
function leave(state: Execution, reason: DeclineReason, note: string): ExecutionStep {
  const message: Message = { kind: 'decline', offer: state.offer.digest, reason, note: note.slice(0, 512) }
  const { state: ended, effects } = end(state)
  return { state: ended, effects: [{ type: 'send', message }, ...effects] }
}

const end = (state: Execution, detail?: Fault): ExecutionStep => ({
  state: { ...state, phase: 'ended', ...(detail ? { fault: detail } : {}) },
  effects: [{ type: 'stop' }, { type: 'close', ...(detail ? { fault: detail } : {}) }],
})

const outOfOrder = (state: Execution, read: Read): ExecutionStep =>
  end(state, { code: 'OUT_OF_ORDER', what: read.message.kind, during: state.phase })
