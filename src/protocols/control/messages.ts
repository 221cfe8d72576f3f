import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { decodeCbor, parse } from '../../domain/messages.ts'

const Goodbye = v.strictObject({
  kind: v.literal('goodbye'),
  /** The last announcement of its sender. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
})

export type Goodbye = v.InferOutput<typeof Goodbye>

export const encodeGoodbye = (seq: number): Uint8Array => encode({ kind: 'goodbye', seq })

/** Throws `MALFORMED`, whatever the bytes. The channel it came by says whose it is. */
export const readGoodbye = (frame: Uint8Array): Goodbye => parse(Goodbye, decodeCbor(frame, 'goodbye'), 'goodbye')
