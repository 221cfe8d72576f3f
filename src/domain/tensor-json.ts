import { base64pad } from 'multiformats/bases/base64'
import { elements } from './elements.ts'
import { fault } from './fault.ts'
import { BYTES_PER_ELEMENT, byteLength, type DType, type Tensor, type Tensors } from './tensor.ts'

/**
 * Tensors as JSON, for people: `{ "name": { "dtype": "float32", "dims": [1, 2], "data": [0.5, "NaN"] } }`. Elements are
 * in row-major order; numbers that JSON lacks (`"NaN"`, `"Infinity"`, `"-Infinity"`) and 64-bit integers may be
 * strings, and `"base64"` (little-endian bytes) may stand in place of `"data"`.
 */
export interface TensorJson {
  readonly dtype: DType
  readonly dims: readonly number[]
  readonly data?: readonly (number | string | boolean)[]
  readonly base64?: string
}

/** Characters of the longest text read: the largest tensor written out. */
const MAX_TENSOR_JSON = 256 * 1024 * 1024
/** Bytes of one tensor that a text may describe, by its shape alone: as much as a large image batch. */
const MAX_BYTES = 64 * 1024 * 1024
/** Elements written one by one; more are written as base64. */
const MAX_WRITTEN = 65_536
/** Significant digits that tell any two float32 values apart (IEEE 754). */
const FLOAT32_DIGITS = 9

/** The least numbers that round to infinity (IEEE 754): midway between the largest and the next that there would be. */
const BEYOND_FLOAT16 = 65_520
const BEYOND_FLOAT32 = 2 ** 128 - 2 ** 103

const DTYPES = Object.keys(BYTES_PER_ELEMENT) as DType[]

/** Reads tensors from JSON text. Throws `MALFORMED`, which names the input and what it should have been, or `TOO_LARGE`. */
export function tensorsFromJson(text: string): Tensors {
  if (text.length > MAX_TENSOR_JSON)
    throw fault({ code: 'TOO_LARGE', what: 'JSON', bytes: text.length, limit: MAX_TENSOR_JSON })
  const value = parseJson(text)
  if (!isRecord(value))
    throw fault({ code: 'MALFORMED', what: 'JSON', why: 'it must be an object with one member for each input' })
  return Object.fromEntries(Object.entries(value).map(([name, tensor]) => [name, readTensor(name, tensor)]))
}

/** Tensors as values to hand to `JSON.stringify`. */
export const tensorsToJson = (tensors: Tensors): Record<string, TensorJson> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, writeTensor(tensor)]))

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw fault({ code: 'MALFORMED', what: 'JSON', why: error instanceof Error ? error.message : 'it is not JSON' })
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readTensor(name: string, value: unknown): Tensor {
  const wrong = (why: string) => fault({ code: 'MALFORMED', what: `input "${name.slice(0, 64)}"`, why })
  if (!isRecord(value)) throw wrong('it must be { "dtype", "dims", "data" }')
  const dtype = DTYPES.find((known) => known === value['dtype'])
  if (dtype === undefined) throw wrong(`"dtype" must be one of ${DTYPES.join(', ')}`)
  const dims = value['dims']
  if (!Array.isArray(dims) || !dims.every((dim): dim is number => Number.isSafeInteger(dim) && dim >= 0))
    throw wrong('"dims" must be a list of whole numbers from 0')
  const length = byteLength({ dtype, dims })
  if (length > MAX_BYTES) throw fault({ code: 'TOO_LARGE', what: `input "${name}"`, bytes: length, limit: MAX_BYTES })
  const shape = `${dims.join(' × ') || 'a single value'} of ${dtype}`
  if (typeof value['base64'] === 'string') {
    const data = decodeBase64(value['base64'])
    if (data === undefined) throw wrong('"base64" must be base64 with its padding')
    if (data.length !== length) throw wrong(`${shape} takes ${length} bytes, and "base64" holds ${data.length}`)
    return { dtype, dims, data }
  }
  const items: unknown = value['data']
  if (!Array.isArray(items)) throw wrong('"data" must be a list of numbers, or "base64" a string')
  const count = length / BYTES_PER_ELEMENT[dtype]
  if (items.length !== count) throw wrong(`${shape} takes ${count} values, and "data" holds ${items.length}`)
  const data = new Uint8Array(length)
  const put = writer(dtype, new DataView(data.buffer))
  items.forEach((item: unknown, i) => {
    if (!put(i, item)) throw wrong(`value ${i} must be ${KIND[dtype]}, and is ${shown(item)}`)
  })
  return { dtype, dims, data }
}

/** A value of the text in the words of a fault. A number that JSON writes and no double holds is read as infinite. */
const shown = (item: unknown): string => (typeof item === 'number' ? String(item) : JSON.stringify(item).slice(0, 32))

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return base64pad.baseDecode(text)
  } catch {
    return undefined
  }
}

/** What a value of each type must be, in words. */
const KIND: Readonly<Record<DType, string>> = {
  bool: '0 or 1',
  int8: 'a whole number from -128 to 127',
  uint8: 'a whole number from 0 to 255',
  int16: 'a whole number from -32768 to 32767',
  uint16: 'a whole number from 0 to 65535',
  int32: 'a whole number of 32 bits',
  uint32: 'a whole number of 32 bits from 0',
  int64: 'a whole number of 64 bits (as a string where it passes 2^53)',
  uint64: 'a whole number of 64 bits from 0 (as a string where it passes 2^53)',
  float16: 'a number from -65504 to 65504, "NaN", "Infinity" or "-Infinity"',
  float32: 'a number from -3.4e38 to 3.4e38, "NaN", "Infinity" or "-Infinity"',
  float64: 'a number from -1.8e308 to 1.8e308, "NaN", "Infinity" or "-Infinity"',
}

/** Writes element `i`; says `false` where the value does not fit the type. */
function writer(dtype: DType, view: DataView): (i: number, value: unknown) => boolean {
  const float =
    (size: number, beyond: number, set: (offset: number, value: number) => void) => (i: number, value: unknown) => {
      const number = floatOf(value, beyond)
      if (number !== undefined) set(i * size, number)
      return number !== undefined
    }
  const integer = (bits: 8 | 16 | 32, signed: boolean, set: (offset: number, value: number) => void) => {
    const [least, most] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
    return (i: number, value: unknown) => {
      const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      if (fits) set((i * bits) / 8, value as number)
      return fits
    }
  }
  const long = (signed: boolean) => (i: number, value: unknown) => {
    const number = longOf(value)
    if (number === undefined || (signed ? BigInt.asIntN(64, number) : BigInt.asUintN(64, number)) !== number)
      return false
    view.setBigUint64(i * 8, BigInt.asUintN(64, number), true)
    return true
  }
  switch (dtype) {
    case 'float32':
      return float(4, BEYOND_FLOAT32, (at, value) => view.setFloat32(at, value, true))
    case 'float64':
      return float(8, Infinity, (at, value) => view.setFloat64(at, value, true))
    case 'float16':
      return float(2, BEYOND_FLOAT16, (at, value) => view.setUint16(at, halfOf(value), true))
    case 'int8':
      return integer(8, true, (at, value) => view.setInt8(at, value))
    case 'uint8':
      return integer(8, false, (at, value) => view.setUint8(at, value))
    case 'int16':
      return integer(16, true, (at, value) => view.setInt16(at, value, true))
    case 'uint16':
      return integer(16, false, (at, value) => view.setUint16(at, value, true))
    case 'int32':
      return integer(32, true, (at, value) => view.setInt32(at, value, true))
    case 'uint32':
      return integer(32, false, (at, value) => view.setUint32(at, value, true))
    case 'int64':
      return long(true)
    case 'uint64':
      return long(false)
    case 'bool':
      return (i, value) => {
        const fits = typeof value === 'boolean' || value === 0 || value === 1
        if (fits) view.setUint8(i, Number(value))
        return fits
      }
    default:
      return dtype satisfies never
  }
}

/** A number whose size is less than `beyond`, or what JSON has no number for: infinity is never meant by a number. */
function floatOf(value: unknown, beyond: number): number | undefined {
  if (typeof value === 'number') return Math.abs(value) < beyond ? value : undefined
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined
}

function longOf(value: unknown): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined
}

const bitsOf = new DataView(new ArrayBuffer(4))

/** The IEEE 754 half-precision bits nearest to a number, ties to even. */
function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  bitsOf.setFloat32(0, value)
  const sign = (bitsOf.getUint32(0) >>> 16) & 0x8000
  const size = Math.abs(value)
  if (size >= BEYOND_FLOAT16) return sign | 0x7c00
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24)
  const exponent = (bitsOf.getUint32(0) >>> 23) & 255
  const unit = 2 ** (exponent - 127)
  return sign | (((exponent - 112) << 10) + roundHalfEven((size / unit - 1) * 1024))
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

function writeTensor(tensor: Tensor): TensorJson {
  const { dtype, dims, data } = tensor
  const count = data.length / BYTES_PER_ELEMENT[dtype]
  if (count > MAX_WRITTEN) return { dtype, dims, base64: base64pad.baseEncode(data) }
  if (dtype === 'int64' || dtype === 'uint64') return { dtype, dims, data: writeLongs(tensor) }
  return { dtype, dims, data: Array.from(elements(tensor), (value) => writeNumber(value, dtype)) }
}

function writeLongs({ dtype, data }: Tensor): (number | string)[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return Array.from({ length: data.length / 8 }, (_, i) => {
    const value = dtype === 'int64' ? view.getBigInt64(i * 8, true) : view.getBigUint64(i * 8, true)
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  })
}

function writeNumber(value: number, dtype: DType): number | string {
  if (!Number.isFinite(value)) return String(value)
  if (dtype !== 'float32') return value
  for (let digits = 6; digits < FLOAT32_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(FLOAT32_DIGITS))
}
