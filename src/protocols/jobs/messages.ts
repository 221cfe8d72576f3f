import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { hex } from '../../domain/hash.ts'
import { signingBytes, type Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { decodeCbor, isKind, parse, readMessage, SignedSchema, type Read } from '../../domain/messages.ts'
import { bytesOf, type Tensors } from '../../domain/tensor.ts'
import { TensorsSchema } from '../../domain/tensors-schema.ts'
import type { Claim } from '../../domain/verdict.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { MAX_INPUT, MAX_OUTPUT, MAX_REVEALED } from './constants.ts'

/** What travels on a job's stream: a signed message with what it binds beside it, or an unsigned word of progress. */
const Frame = v.variant('type', [
  v.strictObject({
    type: v.literal('message'),
    signed: SignedSchema,
    /** Beside the AWARD of a seated executor. */
    input: v.exactOptional(
      v.strictObject({
        salt: v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32, 'must be 32 bytes'),
        tensors: TensorsSchema,
      }),
    ),
    /** Beside a REVEAL its output, beside a REVEAL-SET each distinct one. */
    outputs: v.exactOptional(v.pipe(v.array(TensorsSchema), v.maxLength(16))),
  }),
  v.strictObject({
    type: v.literal('progress'),
    doing: v.picklist(['fetching', 'computing']),
    fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  }),
])

export type Frame = v.InferOutput<typeof Frame>
export type ProgressFrame = Extract<Frame, { type: 'progress' }>

/** A message off a stream: read, its signature and those inside it checked. */
export interface MessageFrame {
  readonly type: 'message'
  readonly read: Read
  readonly input?: { readonly salt: Uint8Array; readonly tensors: Tensors }
  readonly outputs?: readonly Tensors[]
}

export const encodeFrame = (frame: Frame): Uint8Array => encode(frame)

/** Reads a frame off a job's stream. Throws `MALFORMED`, `TOO_LARGE` or `BAD_SIGNATURE`. */
export async function readFrame(data: Uint8Array, verify: VerifySignature): Promise<MessageFrame | ProgressFrame> {
  const frame = parse(Frame, decodeCbor(data, 'frame'), 'frame')
  if (frame.type === 'progress') return frame
  const { signed, ...beside } = frame
  if (beside.input !== undefined) bounded('input', bytesOf(beside.input.tensors), MAX_INPUT)
  for (const outputs of beside.outputs ?? []) bounded('output', bytesOf(outputs), MAX_OUTPUT)
  return { ...beside, read: await readSigned(signed, verify) }
}

/** Reads a signed message, checking its signature and those of the messages that it lists. */
export async function readSigned(signed: Signed, verify: VerifySignature): Promise<Read> {
  const read = readMessage(signed)
  const valid = await Promise.all(
    [signed, ...listedIn(read)].map(({ key, body, signature }) => verify(key, signingBytes(body), signature)),
  )
  if (valid.includes(false)) throw fault({ code: 'BAD_SIGNATURE', what: read.message.kind })
  return read
}

/** Each distinct output of some claims once, as many as fit. */
export function distinctOutputs(claims: readonly Pick<Claim, 'outputHash' | 'outputs'>[]): Tensors[] {
  const distinct = new Map(claims.map(({ outputHash, outputs }) => [hex(outputHash), outputs]))
  let left = MAX_REVEALED
  return [...distinct.values()].filter((tensors) => (left -= bytesOf(tensors)) >= 0)
}

function listedIn(read: Read): readonly Signed[] {
  if (isKind('award', read)) return read.message.accepts
  if (isKind('commit-set', read)) return read.message.commits
  return isKind('reveal-set', read) ? read.message.reveals : []
}

function bounded(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw fault({ code: 'TOO_LARGE', what, bytes, limit })
}
