import type { Tensor } from './tensor.ts'

/** A tensor's elements as numbers, in order. 64-bit integers past 2^53 lose their last bits: equality of those is for hashes to tell. */
export function elements(tensor: Tensor): ArrayLike<number> {
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength)
  const read = <T>(size: number, at: (offset: number) => T): T[] =>
    Array.from({ length: Math.floor(tensor.data.length / size) }, (_, i) => at(i * size))
  switch (tensor.dtype) {
    case 'float32':
      return Float32Array.from(read(4, (i) => view.getFloat32(i, true)))
    case 'float64':
      return read(8, (i) => view.getFloat64(i, true))
    case 'float16':
      return read(2, (i) => halfToNumber(view.getUint16(i, true)))
    case 'int8':
      return read(1, (i) => view.getInt8(i))
    case 'uint8':
    case 'bool':
      return tensor.data
    case 'int16':
      return read(2, (i) => view.getInt16(i, true))
    case 'uint16':
      return read(2, (i) => view.getUint16(i, true))
    case 'int32':
      return read(4, (i) => view.getInt32(i, true))
    case 'uint32':
      return read(4, (i) => view.getUint32(i, true))
    case 'int64':
      return read(8, (i) => Number(view.getBigInt64(i, true)))
    case 'uint64':
      return read(8, (i) => Number(view.getBigUint64(i, true)))
    default:
      return tensor.dtype satisfies never
  }
}

/** The value of an IEEE 754 half-precision bit pattern. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
