import * as v from 'valibot'

/** Element types a tensor may have, named as ONNX and onnxruntime-web name them. Strings are not carried. */
export const BYTES_PER_ELEMENT = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
} as const

export type DType = keyof typeof BYTES_PER_ELEMENT

/** A dense tensor. `data` holds the elements in row-major order, little-endian; its length is the product of `dims` times the element size. */
export interface Tensor {
  readonly dtype: DType
  readonly dims: readonly number[]
  readonly data: Uint8Array
}

/** Tensors by input or output name. */
export type Tensors = Readonly<Record<string, Tensor>>

/** Tensors in one input or output, and dimensions in one tensor: more than any model in use. */
const MAX_TENSORS = 256
const MAX_RANK = 16

const TensorSchema = v.pipe(
  v.strictObject({
    dtype: v.picklist(Object.keys(BYTES_PER_ELEMENT) as DType[]),
    dims: v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), v.maxLength(MAX_RANK)),
    data: v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes'),
  }),
  v.check((tensor) => tensor.data.length === byteLength(tensor), 'must be as long as its type and shape say'),
)

/** What tensors from outside must be: names of at most 256 characters, known types, data as long as the shape says. */
export const TensorsSchema: v.GenericSchema<unknown, Tensors> = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(256)), TensorSchema),
  v.check((tensors) => Object.keys(tensors).length <= MAX_TENSORS, `must be at most ${MAX_TENSORS} tensors`),
)

/** Bytes that a tensor of this type and shape takes. */
export const byteLength = ({ dtype, dims }: Pick<Tensor, 'dtype' | 'dims'>): number =>
  dims.reduce((product, dim) => product * dim, BYTES_PER_ELEMENT[dtype])

/** Bytes of all tensors together. */
export const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, tensor) => sum + tensor.data.length, 0)
