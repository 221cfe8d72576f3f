import { decode, encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { digestOf, authorOf, type Signed } from './envelope.ts'
import { fault } from './fault.ts'
import type { PeerId } from './peer-id.ts'

/** The messages of one job, in the order in which they are sent, and of a dispute over it. Each travels as the body of a `Signed`. */

/** Seats in one job: more add cost, not certainty. */
export const MAX_REPLICATION = 11
/** Accepts that one AWARD lists. A room may hold more peers; the first to answer are listed. */
export const MAX_ACCEPTS = 64
/** Hashes in one trace: every value of the largest graph that is read, and the output's. */
export const MAX_TRACE = 200_001
/** Operators that are run again in one dispute: each leaves one side fewer, of twelve parties and eight others who may each say two things. */
export const MAX_LEAVES = 40
/** Bytes of the largest signed body: an AWARD of 64 accepts is 30 KB. */
export const MAX_BODY = 64 * 1024

const bytes = (length: number) =>
  v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `must be ${length} bytes`)
const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
const count = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
const digest = bytes(32)
const engine = v.picklist(['cpu', 'gpu'])
const cid = text(128)
const peer = text(64)

export const SignedSchema: v.GenericSchema<unknown, Signed> = v.strictObject({
  body: v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length <= MAX_BODY,
    `must be at most ${MAX_BODY} bytes`,
  ),
  key: bytes(32),
  signature: bytes(64),
})

const signedList = (most: number) => v.pipe(v.array(SignedSchema), v.maxLength(most))

/** "I ask this of whoever will." Gossiped to the room. */
const Offer = v.strictObject({
  kind: v.literal('offer'),
  room: text(128),
  charter: cid,
  model: cid,
  /** Bytes of the model file: what an executor that lacks it would have to fetch. */
  modelSize: count(0, 2 ** 40),
  /** `commitToInput(salt, tensors)`. */
  input: digest,
  replication: count(1, MAX_REPLICATION),
  /** The only engine wanted, or either. */
  engine: v.picklist(['cpu', 'any']),
  /** `hash('moot/lot-secret', ρ_lot)`: opened in the AWARD. */
  lot: digest,
  /** Head of the requester's jury hash chain for this job. */
  chain: digest,
  /** Id of the newest entry of the requester's own log: a jury over this job is drawn by what lies before that. Absent of one without a log: it has no jury. */
  ledger: v.exactOptional(digest),
  /** 1, or one more than that of the offer it repeats. */
  attempt: count(1, 16),
  /** The job this one asks again; absent at the first attempt. */
  repeats: v.exactOptional(digest),
  /** Who withheld or falsified a claim in an attempt before this one, and is not asked again. */
  excluded: v.pipe(v.array(peer), v.maxLength(MAX_ACCEPTS)),
  /** Who alone is asked, where the asker chooses by what it has seen of them. Absent where all are. */
  invited: v.exactOptional(v.pipe(v.array(peer), v.minLength(1), v.maxLength(MAX_ACCEPTS))),
  /** Milliseconds after which the requester gives the whole job up, counted from this message. */
  deadline: count(1, 3_600_000),
  /** Where executors reach the requester. */
  addresses: v.pipe(v.array(text(512)), v.maxLength(8)),
  nonce: digest,
})

/** "I would run it, with this engine." To the requester. */
const Accept = v.strictObject({
  kind: v.literal('accept'),
  offer: digest,
  engine,
  build: text(128),
  /** Sha-256 of the wasm binary that computes. */
  wasm: digest,
  chain: digest,
  nonce: digest,
})

/**
 * Why an executor leaves a job, or does not enter it. `cannot` says so of the model or the input, `court` that the two sides share none, `trees` that
 * the award names other introducers than the ledger does; the others say so of the moment.
 */
const DECLINE_REASONS = ['paused', 'busy', 'budget', 'charter', 'watching', 'cannot', 'court', 'trees'] as const
/** "Not I", or "no longer I". To the requester; costs nothing. */
const Decline = v.strictObject({
  kind: v.literal('decline'),
  offer: digest,
  reason: v.picklist(DECLINE_REASONS),
  /** What a person may read about it. */
  note: text(512),
})

/** "These accepted; the lot falls so." The same to all who accepted. */
const Award = v.strictObject({
  kind: v.literal('award'),
  offer: digest,
  job: digest,
  /** ρ_lot. */
  secret: digest,
  accepts: v.pipe(signedList(MAX_ACCEPTS), v.minLength(1)),
  /**
   * By accept, in their order: to which introducer tree its author belonged at the offer's ledger root. Equal numbers are one tree, 0 is
   * none. Absent where nobody belongs to any.
   */
  trees: v.exactOptional(v.pipe(v.array(count(0, MAX_ACCEPTS)), v.minLength(1), v.maxLength(MAX_ACCEPTS))),
})

/** "I have an output, and this binds me to it." To the requester. */
const Commit = v.strictObject({ kind: v.literal('commit'), job: digest, engine, commitment: digest })

/** "All have committed; nobody can change now." To all who committed. */
const CommitSet = v.strictObject({
  kind: v.literal('commit-set'),
  job: digest,
  commits: v.pipe(signedList(MAX_REPLICATION), v.minLength(1)),
  /** Who was seated and gave no commit: vanished or declined, as the requester saw it. */
  absent: v.pipe(v.array(peer), v.maxLength(MAX_ACCEPTS)),
})

/** "This was my output." To the requester alone; the tensors travel beside it. */
const Reveal = v.strictObject({
  kind: v.literal('reveal'),
  job: digest,
  /** Digest of the COMMIT-SET that it answers: with another set of commits it proves nothing. */
  set: digest,
  output: digest,
  salt: digest,
  /** Milliseconds the engine computed, as the executor says. */
  computeMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
})

/** "These are all the outputs." To all who revealed. */
const RevealSet = v.strictObject({
  kind: v.literal('reveal-set'),
  job: digest,
  reveals: v.pipe(signedList(MAX_REPLICATION), v.minLength(1)),
})

/** "So it ended." Gossiped: it holds no input and no output. */
const Receipt = v.strictObject({
  kind: v.literal('receipt'),
  room: text(128),
  job: digest,
  model: cid,
  state: v.picklist(['one-tab', 'agreed', 'agreed-rounding', 'agreed-gpus-only', 'contested']),
  attempt: count(1, 16),
  repeats: v.exactOptional(digest),
  claims: v.pipe(
    v.array(v.strictObject({ peer, engine, output: digest })),
    v.minLength(1),
    v.maxLength(MAX_REPLICATION),
  ),
  /** The claim that was returned: of a cpu, else the one with the least output hash. */
  returned: digest,
  /** How many accepted, so from how many the lot was drawn. */
  drawnFrom: count(1, MAX_ACCEPTS),
})

/** "I object to how this job ended." By a party, within the charter's window; gossiped. */
const Contest = v.strictObject({
  kind: v.literal('contest'),
  room: text(128),
  job: digest,
  /** `outside-rule` where the claims themselves lie outside the rule of agreement. */
  reason: v.picklist(['outside-rule', 'objection', 'audit']),
  /** What a person may read about it. */
  note: text(280),
})

/** "This is what the canon computes for that job." By anyone; gossiped. Whoever doubts it runs the model, or one operator. */
const Assert = v.strictObject({
  kind: v.literal('assert'),
  room: text(128),
  job: digest,
  /** Sha-256 of the canon's wasm binary. */
  canon: digest,
  /** `hashTensors` of the canonical output. */
  output: digest,
  /** `traceRoot` over the hash of every value and, last, `output`. */
  root: digest,
  /** How many hashes the root is over. */
  count: count(2, MAX_TRACE),
})

/** For what a peer lost a dispute: its claim, its assertion, two messages of its that contradict each other, or an output withheld after COMMIT. */
export const LOST_FOR = ['claim', 'assertion', 'contradiction', 'withheld', 'false-reveal'] as const

/** "So the contest ended, as I found it." By anyone; gossiped. Its evidence proves it, not its author. */
const Settlement = v.strictObject({
  kind: v.literal('settlement'),
  room: text(128),
  job: digest,
  state: v.picklist(['settled', 'proven', 'unresolved']),
  /** Of `unresolved`. */
  reason: v.exactOptional(v.picklist(['canon-unavailable', 'canon-unknown', 'input-missing', 'no-assertion-stands'])),
  /** The canonical output's hash; absent where unresolved. */
  output: v.exactOptional(digest),
  /** Whose claims stand. */
  stands: v.pipe(v.array(peer), v.maxLength(MAX_REPLICATION)),
  losers: v.pipe(v.array(v.strictObject({ peer, for: v.picklist(LOST_FOR) })), v.maxLength(MAX_ACCEPTS)),
  /** The operator that decided: its index in the file's node order, from 0. Absent where it was the hash of the output that differed. */
  operator: v.exactOptional(v.strictObject({ index: count(0, MAX_TRACE), type: text(128) })),
  /** Of each operator that was run again: `hashTensors` of its inputs and sha-256 of its model, which a bundle of evidence must hold. */
  leaves: v.pipe(v.array(v.strictObject({ inputs: digest, model: digest })), v.maxLength(MAX_LEAVES)),
})

const Message = v.variant('kind', [
  Offer,
  Accept,
  Decline,
  Award,
  Commit,
  CommitSet,
  Reveal,
  RevealSet,
  Receipt,
  Contest,
  Assert,
  Settlement,
])

export type Message = v.InferOutput<typeof Message>
export type MessageKind = Message['kind']
export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>
export type DeclineReason = (typeof DECLINE_REASONS)[number]
export type LostFor = (typeof LOST_FOR)[number]
export type UnresolvedReason = NonNullable<MessageOf<'settlement'>['reason']>
export type DecidedState = MessageOf<'receipt'>['state']

/** A message whose schema holds, with its author and digest. Whether its signature holds is the caller's to have checked. */
export interface Read<M extends Message = Message> {
  readonly signed: Signed
  readonly digest: Uint8Array
  readonly author: PeerId
  readonly message: M
}

export const encodeMessage = (message: Message): Uint8Array => encode(message)

/** Reads a signed body. Throws `MALFORMED` or `TOO_LARGE`; never anything else, whatever the bytes. */
export function readMessage(signed: Signed): Read {
  if (signed.body.length > MAX_BODY)
    throw fault({ code: 'TOO_LARGE', what: 'message', bytes: signed.body.length, limit: MAX_BODY })
  const message = parse(Message, decodeCbor(signed.body, 'message'), 'message')
  return { signed, digest: digestOf(signed), author: authorOf(signed), message }
}

/** Reads a message that must be of one kind. Throws `MALFORMED` for any other. */
export function readAs<K extends MessageKind>(kind: K, signed: Signed): Read<MessageOf<K>> {
  const read = readMessage(signed)
  if (!isKind(kind, read)) throw fault({ code: 'MALFORMED', what: kind, why: `it is of kind ${read.message.kind}` })
  return read
}

export const isKind = <K extends MessageKind>(kind: K, read: Read): read is Read<MessageOf<K>> =>
  read.message.kind === kind

/** Decodes strict dag-cbor. Throws `MALFORMED`. */
export function decodeCbor(data: Uint8Array, what: string): unknown {
  try {
    return decode(data)
  } catch {
    throw fault({ code: 'MALFORMED', what, why: 'it is not dag-cbor' })
  }
}

/** Checks a decoded value against its schema. Throws `MALFORMED` that names the field. */
export function parse<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw fault({ code: 'MALFORMED', what, why: `${v.getDotPath(issue) ?? 'it'}: ${issue.message.slice(0, 200)}` })
}
