import type { Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-web'
import { fault } from '../../domain/fault.ts'
import { BYTES_PER_ELEMENT, type DType, type Tensor } from '../../domain/tensor.ts'

/** A tensor as ort takes it: the same elements under a typed view, copied only where their offset is not aligned. */
export function toOrt(make: TensorConstructor, { dtype, dims, data }: Tensor): OrtTensor {
  const size = BYTES_PER_ELEMENT[dtype]
  const aligned = data.byteOffset % size === 0 ? data : new Uint8Array(data)
  const [buffer, offset, count] = [aligned.buffer, aligned.byteOffset, aligned.byteLength / size]
  switch (dtype) {
    case 'bool':
    case 'uint8':
      return new make(dtype, aligned, dims)
    case 'float16':
      return new make(dtype, new Uint16Array(buffer, offset, count), dims)
    case 'int8':
      return new make(dtype, new Int8Array(buffer, offset, count), dims)
    case 'int16':
      return new make(dtype, new Int16Array(buffer, offset, count), dims)
    case 'uint16':
      return new make(dtype, new Uint16Array(buffer, offset, count), dims)
    case 'int32':
      return new make(dtype, new Int32Array(buffer, offset, count), dims)
    case 'uint32':
      return new make(dtype, new Uint32Array(buffer, offset, count), dims)
    case 'float32':
      return new make(dtype, new Float32Array(buffer, offset, count), dims)
    case 'int64':
      return new make(dtype, new BigInt64Array(buffer, offset, count), dims)
    case 'uint64':
      return new make(dtype, new BigUint64Array(buffer, offset, count), dims)
    case 'float64':
      return new make(dtype, new Float64Array(buffer, offset, count), dims)
    default:
      return dtype satisfies never
  }
}

/** A result of ort, whose elements already lie outside its heap: nothing is copied. Refuses what Moot does not carry. */
export function fromOrt(name: string, { type, dims, data }: OrtTensor): Tensor {
  if (!isDType(type) || Array.isArray(data)) {
    throw fault({ code: 'MODEL_REFUSED', why: `its output "${name}" is of type ${type}, which is not carried` })
  }
  return { dtype: type, dims: [...dims], data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

export const isDType = (type: string): type is DType => Object.hasOwn(BYTES_PER_ELEMENT, type)
