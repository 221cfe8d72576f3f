import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { OpenedTraceSchema } from '../../domain/dispute/evidence.ts'
import { fault } from '../../domain/fault.ts'
import { decodeCbor, MAX_TRACE, parse, SignedSchema } from '../../domain/messages.ts'
import type { Signed } from '../../domain/envelope.ts'
import { TensorsSchema } from '../../domain/tensors-schema.ts'
import { MAX_ANSWER, MAX_NODES, MAX_VALUES } from './constants.ts'

const digest = v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32, 'must be 32 bytes')
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))
const bytes = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length <= MAX_ANSWER,
  'must be bytes',
)

const Request = v.variant('ask', [
  /** The receipt file of a job, input and outputs included. */
  v.strictObject({ ask: v.literal('case'), job: digest }),
  /** Nodes of an asserted trace; all of them where none is named. */
  v.strictObject({
    ask: v.literal('trace'),
    job: digest,
    root: digest,
    nodes: v.exactOptional(
      v.pipe(v.array(v.strictObject({ level: count(8), index: count(MAX_TRACE) })), v.maxLength(MAX_NODES)),
    ),
  }),
  /** Values of an asserted trace, by their places in it. */
  v.strictObject({
    ask: v.literal('values'),
    job: digest,
    root: digest,
    values: v.pipe(v.array(count(MAX_TRACE)), v.minLength(1), v.maxLength(MAX_VALUES)),
  }),
  /** The canonical output that was asserted. */
  v.strictObject({ ask: v.literal('outputs'), job: digest, root: digest }),
  v.strictObject({ ask: v.literal('evidence'), job: digest }),
  /** Not asked but told: a message that gossip may have lost. */
  v.strictObject({ ask: v.literal('hear'), signed: SignedSchema }),
])

const Answer = v.variant('answer', [
  v.strictObject({ answer: v.literal('case'), file: bytes }),
  v.strictObject({ answer: v.literal('trace'), trace: OpenedTraceSchema }),
  v.strictObject({ answer: v.literal('values'), values: TensorsSchema }),
  v.strictObject({ answer: v.literal('evidence'), file: bytes }),
  v.strictObject({ answer: v.literal('heard') }),
  v.strictObject({ answer: v.literal('none') }),
])

export type Request = v.InferOutput<typeof Request>
export type Answer = v.InferOutput<typeof Answer>

export const encodeRequest = (request: Request): Uint8Array => encode(request)
export const encodeAnswer = (answer: Answer): Uint8Array => encode(answer)
export const encodeGossip = (signed: Signed): Uint8Array => encode(signed)

/** All three throw `MALFORMED`. */
export const readRequest = (data: Uint8Array): Request => parse(Request, decodeCbor(data, 'request'), 'request')
export const readAnswer = (data: Uint8Array): Answer => parse(Answer, decodeCbor(data, 'answer'), 'answer')
export const readGossip = (data: Uint8Array): Signed => parse(SignedSchema, decodeCbor(data, 'gossip'), 'gossip')

/** The answer that was asked for; undefined where there is none. Throws `OUT_OF_ORDER` for another. */
export function expecting<K extends Answer['answer']>(
  kind: K,
  answer: Answer,
): Extract<Answer, { answer: K }> | undefined {
  if (answer.answer === 'none') return undefined
  if (answer.answer !== kind)
    throw fault({ code: 'OUT_OF_ORDER', what: answer.answer, during: 'asking for another thing' })
  return answer as Extract<Answer, { answer: K }>
}
