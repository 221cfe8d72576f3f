import type { Tensor } from './tensor.ts'

/**
 * A tensor's elements as numbers, in order. 64-bit integers past 2^53 lose their last bits: equality of those is for
 * bytes to tell. Every machine that runs a browser is little-endian, as tensors are.
 */
export function elements(tensor: Tensor): ArrayLike<number> {
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(aligned(tensor, 4))
    case 'float64':
      return new Float64Array(aligned(tensor, 8))
    case 'float16':
      return Float64Array.from(new Uint16Array(aligned(tensor, 2)), halfToNumber)
    case 'int8':
      return new Int8Array(aligned(tensor, 1))
    case 'uint8':
    case 'bool':
      return tensor.data
    case 'int16':
      return new Int16Array(aligned(tensor, 2))
    case 'uint16':
      return new Uint16Array(aligned(tensor, 2))
    case 'int32':
      return new Int32Array(aligned(tensor, 4))
    case 'uint32':
      return new Uint32Array(aligned(tensor, 4))
    case 'int64':
      return Array.from(new BigInt64Array(aligned(tensor, 8)), Number)
    case 'uint64':
      return Array.from(new BigUint64Array(aligned(tensor, 8)), Number)
    default:
      return tensor.dtype satisfies never
  }
}

/** Whether every element is a number: no NaN, no infinity. */
export function isFinite(tensor: Tensor): boolean {
  if (!tensor.dtype.startsWith('float')) return true
  const values = elements(tensor)
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false
  return true
}

/** A copy of the data in a buffer of its own, which typed arrays of `size`-byte elements can view; a ragged tail is left out. */
export const aligned = ({ data }: Pick<Tensor, 'data'>, size: number): ArrayBuffer =>
  data.slice(0, data.length - (data.length % size)).buffer as ArrayBuffer

/** The value of an IEEE 754 half-precision bit pattern. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
