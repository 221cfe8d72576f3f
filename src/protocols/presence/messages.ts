import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { decodeCbor, parse, SignedSchema } from '../../domain/messages.ts'
import { MAX_PRESENCE } from './constants.ts'

const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))

/** What a peer says of itself. Nothing here is proven but who says it. */
const Announcement = v.strictObject({
  kind: v.literal('presence'),
  room: text(128),
  /** Grows with every announcement of a key, over reloads too: an older one is ignored. */
  seq: count(Number.MAX_SAFE_INTEGER),
  addresses: v.pipe(v.array(text(512)), v.maxLength(8)),
  /** Engines offered; none by a peer that only watches. */
  engines: v.pipe(v.array(v.picklist(['cpu', 'gpu'])), v.maxLength(2)),
  /** GPU vendor and architecture as its browser names them. */
  adapter: v.exactOptional(text(128)),
  build: text(128),
  models: v.pipe(v.array(text(128)), v.maxLength(64)),
  /** Jobs under way. */
  load: count(10_000),
  paused: v.boolean(),
  watching: v.boolean(),
  /** Median milliseconds of its last jobs, as it measured them. */
  speedMs: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** "I am new: who is here?" */
  hello: v.boolean(),
  /** "I am going." */
  leaving: v.boolean(),
})

export type Announcement = v.InferOutput<typeof Announcement>

export const encodeAnnouncement = (announcement: Announcement): Uint8Array => encode(announcement)
export const encodeSigned = ({ body, key, signature }: Signed): Uint8Array => encode({ body, key, signature })

/** Reads gossip. Throws `MALFORMED` or `TOO_LARGE`, whatever the bytes. Its signature is not checked here. */
export function readAnnouncement(data: Uint8Array): { signed: Signed; announcement: Announcement } {
  if (data.length > MAX_PRESENCE)
    throw fault({ code: 'TOO_LARGE', what: 'presence', bytes: data.length, limit: MAX_PRESENCE })
  const signed = parse(SignedSchema, decodeCbor(data, 'presence'), 'presence')
  return { signed, announcement: parse(Announcement, decodeCbor(signed.body, 'presence'), 'presence') }
}
