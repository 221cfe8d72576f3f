import { fault } from './fault.ts'
import type { Manifest, ValueInfo } from './manifest.ts'
import { BYTES_PER_ELEMENT, type DType, type Tensor, type Tensors } from './tensor.ts'

/** Bytes of one seeded tensor: as much as a large image batch, far under what a tab can hold. */
const MAX_SEEDED_BYTES = 64 << 20

/** The value of a free dimension where no other is wanted. */
const FREE_DIMENSION = 1

/** Integers are drawn from 0 up to this, small enough to be an index into most tables. */
const INTEGERS = 8

/**
 * Inputs that a model accepts, made from a seed alone: the same bytes on every engine, since only integer operations
 * and exact sums make them. Floats lie in ±4 around 0 with a deviation near 1. `dims` gives other sizes by input name.
 */
export function seededInputs(
  { inputs }: Pick<Manifest, 'inputs'>,
  seed: number,
  dims: Readonly<Record<string, readonly number[]>> = {},
): Tensors {
  return Object.fromEntries(
    inputs.map((input, i) => [
      input.name,
      seededTensor(input, dims[input.name] ?? input.dims.map((n) => n ?? FREE_DIMENSION), mix(seed ^ mix(i))),
    ]),
  )
}

function seededTensor({ name, dtype }: ValueInfo, dims: readonly number[], seed: number): Tensor {
  const count = dims.reduce((a, b) => a * b, 1)
  const bytes = count * BYTES_PER_ELEMENT[dtype]
  if (bytes > MAX_SEEDED_BYTES) {
    throw fault({ code: 'TOO_LARGE', what: `seeded input "${name}"`, bytes, limit: MAX_SEEDED_BYTES })
  }
  const data = new Uint8Array(bytes)
  const write = writer(dtype, new DataView(data.buffer))
  for (let i = 0; i < count; i++) write(i, mix(seed ^ mix(i)))
  return { dtype, dims: [...dims], data }
}

/** How 32 random bits become element `i`. */
function writer(dtype: DType, view: DataView): (i: number, bits: number) => void {
  switch (dtype) {
    case 'float32':
      return (i, bits) => view.setFloat32(i * 4, bell(bits) / 128, true)
    case 'float64':
      return (i, bits) => view.setFloat64(i * 8, bell(bits) / 128, true)
    case 'float16':
      return (i, bits) => view.setUint16(i * 2, half128th(bell(bits)), true)
    case 'bool':
      return (i, bits) => view.setUint8(i, bits & 1)
    case 'int8':
    case 'uint8':
      return (i, bits) => view.setUint8(i, bits % INTEGERS)
    case 'int16':
    case 'uint16':
      return (i, bits) => view.setUint16(i * 2, bits % INTEGERS, true)
    case 'int32':
    case 'uint32':
      return (i, bits) => view.setUint32(i * 4, bits % INTEGERS, true)
    case 'int64':
    case 'uint64':
      return (i, bits) => view.setBigUint64(i * 8, BigInt(bits % INTEGERS), true)
    default:
      return dtype satisfies never
  }
}

/** The sum of four random bytes about its mean, an integer in −510 … 510 with a deviation of 148: a bell without a logarithm. */
const bell = (bits: number): number => (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510

/** The half-precision bits of `n / 128` for an integer |n| < 1024, which is exact. */
function half128th(n: number): number {
  if (n === 0) return 0
  const size = Math.abs(n)
  const top = 31 - Math.clz32(size)
  return (n < 0 ? 0x8000 : 0) | ((top - 7 + 15) << 10) | ((size << (10 - top)) & 1023)
}

/** The finaliser of MurmurHash3: 32 bits in, 32 well mixed bits out. */
function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
