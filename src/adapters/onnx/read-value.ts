import type { DType } from '../../domain/tensor.ts'
import { bytesFor, dtypeOf, MAX_RANK } from './read-tensor.ts'
import { refused } from './refusals.ts'
import { bytes, integer, name, readMessage, type Budget } from './wire.ts'

/** Elements along one dimension: the largest that every engine can index. */
const MAX_DIMENSION = 2 ** 31 - 1

/** What one ValueInfoProto says of an input, an output or an intermediate. */
export interface DeclaredValue {
  readonly name: string
  /** TensorProto.DataType, 0 where it is no tensor. */
  readonly type: number
  /** Undefined where it is no tensor, or one of strings or of a type that is not carried. */
  readonly dtype: DType | undefined
  /** Undefined where no shape is declared. */
  readonly dims: readonly (number | null)[] | undefined
  /** Bytes, as far as is declared; a free dimension counts as 1. */
  readonly bytes: number
}

/** Rejects with `MODEL_REFUSED` a shape past the limits. */
export function readValue(value: Uint8Array, budget: Budget): DeclaredValue {
  let [own, type] = ['', 0]
  let dims: (number | null)[] | undefined
  const dimension = bytes((data) => {
    let size: number | null = null
    readMessage(data, budget, { 1: integer((n) => (size = n > 0 ? n : null)) })
    if (size !== null && size > MAX_DIMENSION) throw refused(`"${own}" has a dimension past ${MAX_DIMENSION}`)
    dims = [...(dims ?? []), size]
    if (dims.length > MAX_RANK) throw refused(`"${own}" has more than ${MAX_RANK} dimensions`)
  })
  const tensorType = bytes((data) =>
    readMessage(data, budget, {
      1: integer((found) => (type = found)),
      2: bytes((shape) => {
        dims ??= []
        readMessage(shape, budget, { 1: dimension })
      }),
    }),
  )
  readMessage(value, budget, {
    1: name((found) => (own = found)),
    2: bytes((data) => readMessage(data, budget, { 1: tensorType })),
  })
  const elements = dims?.reduce<number>((product, n) => product * (n ?? 1), 1) ?? 0
  return { name: own, type, dtype: dtypeOf(type), dims, bytes: type === 0 ? 0 : bytesFor(type, elements) }
}
