import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { fault } from './fault.ts'
import { ManifestSchema } from './manifest.ts'
import { decodeCbor, parse, SignedSchema } from './messages.ts'
import { TensorsSchema } from './tensors-schema.ts'

/** Bytes of the largest receipt file that is read. */
const MAX_RECEIPT = 64 * 1024 * 1024

/** Bytes of input that a receipt keeps. Past it the hash remains. */
export const KEPT_INPUT = 8 * 1024 * 1024

const salt = v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32, 'must be 32 bytes')

export const ReceiptFileSchema = v.strictObject({
  moot: v.literal('receipt'),
  version: v.literal(1),
  manifest: ManifestSchema,
  /** OFFER, AWARD (with the ACCEPTs), COMMIT-SET (with the COMMITs), REVEAL-SET (with the REVEALs), RECEIPT; DECLINEs after. */
  messages: v.pipe(v.array(SignedSchema), v.maxLength(256)),
  /** Kept when small enough; without it the hashes remain. */
  input: v.exactOptional(v.strictObject({ salt, tensors: TensorsSchema })),
  /** Each distinct output that was claimed; claims that are equal to the bit share one. */
  outputs: v.pipe(v.array(TensorsSchema), v.maxLength(16)),
})

/** The portable signed record of a job: one file, which any tab can check with no network. */
export type ReceiptFile = v.InferOutput<typeof ReceiptFileSchema>

export const encodeReceipt = (file: ReceiptFile): Uint8Array => encode(file)

/** Reads a receipt file. Throws `TOO_LARGE` or `MALFORMED`. What it says is not yet checked: `check-receipt` does that. */
export function readReceipt(data: Uint8Array): ReceiptFile {
  if (data.length > MAX_RECEIPT)
    throw fault({ code: 'TOO_LARGE', what: 'receipt', bytes: data.length, limit: MAX_RECEIPT })
  return parse(ReceiptFileSchema, decodeCbor(data, 'receipt'), 'receipt')
}
