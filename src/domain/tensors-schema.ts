import * as v from 'valibot'
import { BYTES_PER_ELEMENT, byteLength, type DType, type Tensors } from './tensor.ts'

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
