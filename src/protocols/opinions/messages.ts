import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import type { ModelId } from '../../domain/manifest.ts'
import { decodeCbor, parse, SignedSchema } from '../../domain/messages.ts'
import { readOpinion, type ReadOpinion } from '../../domain/opinion.ts'
import { FRAME_OPINIONS, MAX_NAMED, MAX_SIGNED } from './constants.ts'

/** "What is said of these models?" Of all that the room names, where none is. */
const Request = v.strictObject({
  kind: v.literal('opinions-wanted'),
  models: v.exactOptional(
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(128))), v.minLength(1), v.maxLength(MAX_NAMED)),
  ),
})

/** A part of the answer; the last one ends with the stream. */
const Answer = v.pipe(v.array(SignedSchema), v.minLength(1), v.maxLength(FRAME_OPINIONS))

export const encodeRequest = (models?: readonly ModelId[]): Uint8Array =>
  encode({ kind: 'opinions-wanted', ...(models ? { models } : {}) })

/** The models that are asked about; undefined for all. Throws `MALFORMED`, whatever the bytes. */
export const readRequest = (frame: Uint8Array): readonly ModelId[] | undefined =>
  parse(Request, decodeCbor(frame, 'request'), 'request').models

/** The frames of an answer, in order. */
export function* answerFrames(told: readonly Signed[]): Generator<Uint8Array> {
  for (let at = 0; at < told.length; at += FRAME_OPINIONS)
    yield encode(told.slice(at, at + FRAME_OPINIONS).map(({ body, key, signature }) => ({ body, key, signature })))
}

/** Throws `MALFORMED` or `TOO_LARGE`, whatever the bytes. No signature is checked here. */
export const readAnswer = (frame: Uint8Array): readonly ReadOpinion[] =>
  parse(Answer, decodeCbor(frame, 'answer'), 'answer').map(readOpinion)

export const encodeGossip = ({ body, key, signature }: Signed): Uint8Array => encode({ body, key, signature })

/** Throws `MALFORMED` or `TOO_LARGE`, whatever the bytes. Its signature is not checked here. */
export function readGossip(data: Uint8Array): ReadOpinion {
  if (data.length > MAX_SIGNED)
    throw fault({ code: 'TOO_LARGE', what: 'opinion', bytes: data.length, limit: MAX_SIGNED })
  return readOpinion(parse(SignedSchema, decodeCbor(data, 'opinion'), 'opinion'))
}
