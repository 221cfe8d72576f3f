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

/** Bytes that a tensor of this type and shape takes. */
export const byteLength = ({ dtype, dims }: Pick<Tensor, 'dtype' | 'dims'>): number =>
  dims.reduce((product, dim) => product * dim, BYTES_PER_ELEMENT[dtype])

/** Bytes of all tensors together. */
export const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, tensor) => sum + tensor.data.length, 0)
