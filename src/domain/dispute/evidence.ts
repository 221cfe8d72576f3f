import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { fault } from '../fault.ts'
import { ManifestSchema } from '../manifest.ts'
import { decodeCbor, MAX_LEAVES, MAX_TRACE, parse, SignedSchema } from '../messages.ts'
import { ReceiptFileSchema } from '../receipt.ts'
import { TensorsSchema } from '../tensors-schema.ts'

/** Bytes of the largest evidence file that is read: a receipt with its input, and one operator. */
export const MAX_EVIDENCE = 96 * 1024 * 1024

/** Nodes opened of one tree: a path of five, for both sides and for each input of an operator. */
const MAX_NODES = 8_192

const bytes = (least: number, most: number) =>
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length >= least && value.length <= most,
    `must be ${least} to ${most} bytes`,
  )
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))
const digest = bytes(32, 32)
const signed = (most: number) => v.pipe(v.array(SignedSchema), v.minLength(1), v.maxLength(most))

/** Some nodes of a trace's tree, each with its children: all of the lowest where the list is short, else the way to what differs. */
export const OpenedTraceSchema = v.strictObject({
  root: digest,
  count: v.pipe(count(MAX_TRACE), v.minValue(2)),
  nodes: v.pipe(
    v.array(v.strictObject({ level: count(8), index: count(MAX_TRACE), children: bytes(32, 16 * 32) })),
    v.maxLength(MAX_NODES),
  ),
})

const EvidenceFile = v.variant('grounds', [
  v.strictObject({
    moot: v.literal('evidence'),
    version: v.literal(1),
    grounds: v.literal('contest'),
    /** The job; its input and outputs where they are small, or where nothing can be replayed without them. */
    receipt: ReceiptFileSchema,
    /** CONTEST, ASSERTs, SETTLEMENT. */
    messages: signed(128),
    /** One for each root that differs. None where all assertions agree. */
    traces: v.pipe(v.array(OpenedTraceSchema), v.maxLength(MAX_LEAVES)),
    /** The operators that decided, one for each two sides. */
    leaves: v.pipe(
      v.array(
        v.strictObject({
          /** Roots of the sides, and the index of the value at which they first differ. */
          sides: v.tuple([digest, digest]),
          value: count(MAX_TRACE),
          /** The operator alone, as an ONNX file. */
          model: bytes(1, MAX_EVIDENCE),
          inputs: TensorsSchema,
          /** What a loser showed of the value that it asserted, for people to see. */
          shown: v.exactOptional(TensorsSchema),
        }),
      ),
      v.maxLength(MAX_LEAVES),
    ),
    /** The canonical output, where no claim that stands holds it. */
    output: v.exactOptional(TensorsSchema),
  }),
  v.strictObject({
    moot: v.literal('evidence'),
    version: v.literal(1),
    /** An executor was bound to one output and showed another. */
    grounds: v.literal('false-reveal'),
    manifest: ManifestSchema,
    /** OFFER, AWARD, COMMIT-SET, the REVEAL, SETTLEMENT. */
    messages: signed(8),
  }),
])

/** The portable record of a dispute: one file, which any tab can replay with no network. */
export type EvidenceFile = v.InferOutput<typeof EvidenceFile>
export type ContestEvidence = Extract<EvidenceFile, { grounds: 'contest' }>
export type OpenedTrace = v.InferOutput<typeof OpenedTraceSchema>

export const encodeEvidence = (file: EvidenceFile): Uint8Array => encode(file)

/** Reads an evidence file. Throws `TOO_LARGE` or `MALFORMED`. What it says is not yet checked. */
export function readEvidence(data: Uint8Array): EvidenceFile {
  if (data.length > MAX_EVIDENCE)
    throw fault({ code: 'TOO_LARGE', what: 'evidence', bytes: data.length, limit: MAX_EVIDENCE })
  return parse(EvidenceFile, decodeCbor(data, 'evidence'), 'evidence')
}
