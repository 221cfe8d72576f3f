import { elements } from '../domain/elements.ts'
import { fault } from '../domain/fault.ts'
import type { DType, Tensor } from '../domain/tensor.ts'

/** A format of floats: bits of the significand, the least exponent of a normal number, the greatest number. */
const FORMATS = {
  fp16: { significand: 11, least: -14, most: 65_504 },
  bf16: { significand: 8, least: -126, most: (2 - 2 ** -7) * 2 ** 127 },
} as const

/** 1.5 × 2^52: a double to which it is added has no room for a fraction, and is rounded half to even. */
const INTEGERS = 1.5 * 2 ** 52

/** The nearest number of a format, half to even; infinity past its greatest. */
export function rounded(value: number, format: keyof typeof FORMATS): number {
  if (!Number.isFinite(value) || value === 0) return value
  const { significand, least, most } = FORMATS[format]
  const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), least) - significand + 1)
  const nearest = (value / step + INTEGERS - INTEGERS) * step
  return Math.abs(nearest) > most ? Math.sign(value) * Infinity : nearest
}

/** Every float changed; a tensor of anything else as it is. */
export function mapFloats(tensor: Tensor, change: (value: number) => number): Tensor {
  const { dtype } = tensor
  return isFloat(dtype) ? { ...tensor, data: floatData(dtype, Float64Array.from(elements(tensor), change)) } : tensor
}

/** One element changed: half as much again, or 1 where that is nothing; of integers, the last bit. Throws `MALFORMED` where there is none. */
export function changeElement(tensor: Tensor, index: number): Tensor {
  const { dtype, data } = tensor
  const values = Float64Array.from(elements(tensor))
  const value = values[index]
  if (value === undefined)
    throw fault({ code: 'MALFORMED', what: 'fault', why: `the value has ${values.length} elements, and no ${index}` })
  if (!isFloat(dtype)) {
    const at = (index * data.length) / values.length
    return { ...tensor, data: data.map((byte, i) => (i === at ? byte ^ 1 : byte)) }
  }
  values[index] = value !== 0 && Number.isFinite(value) ? value * 1.5 : 1
  return { ...tensor, data: floatData(dtype, values) }
}

type FloatType = Extract<DType, `float${string}`>

const isFloat = (dtype: DType): dtype is FloatType => dtype.startsWith('float')

function floatData(dtype: FloatType, values: Float64Array): Uint8Array {
  switch (dtype) {
    case 'float64':
      return new Uint8Array(values.buffer as ArrayBuffer)
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer)
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, halfBits).buffer)
    default:
      return dtype satisfies never
  }
}

/** The half-precision bits of the half nearest to a number. */
function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const half = Math.abs(rounded(value, 'fp16'))
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  if (half === Infinity) return sign | 0x7c00
  if (half < 2 ** -14) return sign | (half * 2 ** 24)
  const exponent = Math.floor(Math.log2(half))
  return sign | ((exponent + 15) << 10) | ((half / 2 ** exponent - 1) * 1024)
}
