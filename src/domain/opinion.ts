import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { authorOf, type Signed } from './envelope.ts'
import { fault } from './fault.ts'
import { plain } from './manifest.ts'
import { decodeCbor, parse } from './messages.ts'
import { isCid } from './cids.ts'
import type { PeerId } from './peer-id.ts'

/** What somebody says of a model: an entry of the registry that nobody owns. It travels as the body of a `Signed`. */

/** UTF-16 code units of a reason: a few sentences. */
const MAX_REASON = 280
/** Bytes of a signed body: the longest reason in UTF-8, a model's id, and the names of the fields. */
export const MAX_OPINION = 1_280

const OpinionSchema = v.strictObject({
  kind: v.literal('opinion'),
  model: v.pipe(v.string(), v.check(isCid, 'must be the id of a model')),
  /** `none` takes back what was said before: it is kept, so that nobody can say the older word again. */
  stand: v.picklist(['endorses', 'flags', 'none']),
  reason: plain(MAX_REASON),
  /** Grows with each word of a key about a model, over reloads too: the greatest is the word that counts. */
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})

export type OpinionMessage = v.InferOutput<typeof OpinionSchema>

/** An opinion whose schema holds, with its author. Whether its signature holds is the caller's to have checked. */
export interface ReadOpinion {
  readonly signed: Signed
  readonly author: PeerId
  readonly opinion: OpinionMessage
}

/** Throws `MALFORMED` for what nobody would read, and `TOO_LARGE` for a reason that is too long. */
export function encodeOpinion(opinion: OpinionMessage): Uint8Array {
  const { length } = opinion.reason
  if (length > MAX_REASON) throw fault({ code: 'TOO_LARGE', what: 'reason', bytes: length, limit: MAX_REASON })
  return encode(parse(OpinionSchema, opinion, 'opinion'))
}

/** Reads a signed body. Throws `MALFORMED` or `TOO_LARGE`; never anything else, whatever the bytes. */
export function readOpinion(signed: Signed): ReadOpinion {
  const { length } = signed.body
  if (length > MAX_OPINION) throw fault({ code: 'TOO_LARGE', what: 'opinion', bytes: length, limit: MAX_OPINION })
  const opinion = parse(OpinionSchema, decodeCbor(signed.body, 'opinion'), 'opinion')
  return { signed, author: authorOf(signed), opinion }
}
