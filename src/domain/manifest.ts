import * as v from 'valibot'
import { BYTES_PER_ELEMENT, type DType } from './tensor.ts'

/** One declared input or output. A `null` dimension is free: the model takes any size there. */
export interface ValueInfo {
  readonly name: string
  readonly dtype: DType
  readonly dims: readonly (number | null)[]
}

/**
 * How a model's numbers behave across engines, which decides the rule of agreement:
 * `fp32` within rounding, `integer` exact on every engine, `fp16` and `qdq` exact on the cpu engine only, until a
 * calibrated tolerance exists.
 */
export type Arithmetic = 'fp32' | 'integer' | 'fp16' | 'qdq'

/** How an image becomes the model's input: resized to the input's last two dimensions, then `(channel − mean) / deviation`. */
export interface ImageInput {
  readonly input: string
  /** Planes in the order the model wants them. `gray` is luma in 0..255. */
  readonly planes: readonly ('gray' | 'red' | 'green' | 'blue')[]
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** What identifies a model. Its dag-cbor encoding's CID is the model's identity: whoever holds the CID can check every byte of it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  /** Bytes of the ONNX file, and the sha-256 digest of each of its 1 MiB blocks in order. */
  readonly file: { readonly size: number; readonly blocks: readonly Uint8Array[] }
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly arithmetic: Arithmetic
  /** `exposed` where a plain run's bits differ from a run with every intermediate exposed, which is the canon. */
  readonly canonicalRun: 'plain' | 'exposed'
  /** Class names of the only output's last axis; absent where there are none. */
  readonly labels?: readonly string[]
  readonly image?: ImageInput
}

/** A model's CID as a string (base32, dag-cbor, sha-256). */
export type ModelId = string

/** Bytes of every block of a file but its last. */
export const BLOCK_SIZE = 1024 * 1024
/** Bytes of the largest model file: what a tab can hold beside its session. */
export const MAX_MODEL = 256 * 1024 * 1024

const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
const values = v.pipe(
  v.array(
    v.strictObject({
      name: text(256),
      dtype: v.picklist(Object.keys(BYTES_PER_ELEMENT) as DType[]),
      dims: v.pipe(v.array(v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)))), v.maxLength(16)),
    }),
  ),
  v.maxLength(256),
)
const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(4))

/** What a manifest from outside must be. Its block list must be as long as its size says. */
export const ManifestSchema: v.GenericSchema<unknown, Manifest> = v.strictObject({
  name: text(128),
  version: text(64),
  file: v.pipe(
    v.strictObject({
      size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_MODEL)),
      blocks: v.array(
        v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32, 'must be 32 bytes'),
      ),
    }),
    v.check(({ size, blocks }) => blocks.length === Math.ceil(size / BLOCK_SIZE), 'must list one block for each MiB'),
  ),
  inputs: values,
  outputs: values,
  arithmetic: v.picklist(['fp32', 'integer', 'fp16', 'qdq']),
  canonicalRun: v.picklist(['plain', 'exposed']),
  labels: v.exactOptional(v.pipe(v.array(text(128)), v.maxLength(65_536))),
  image: v.exactOptional(
    v.strictObject({
      input: text(256),
      planes: v.pipe(v.array(v.picklist(['gray', 'red', 'green', 'blue'])), v.minLength(1), v.maxLength(4)),
      mean: numbers,
      deviation: numbers,
    }),
  ),
})
