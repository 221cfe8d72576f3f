import { isPath } from '../../domain/manifest.ts'
import type { DType } from '../../domain/tensor.ts'
import { refused } from './refusals.ts'
import { bytes, integer, integers, name, readMessage, text, type Budget } from './wire.ts'

/** TensorProto.DataType: how many bits an element takes, and what Moot calls those that it carries. */
const TYPES: Readonly<Record<number, { readonly bits: number; readonly dtype?: DType }>> = {
  1: { bits: 32, dtype: 'float32' },
  2: { bits: 8, dtype: 'uint8' },
  3: { bits: 8, dtype: 'int8' },
  4: { bits: 16, dtype: 'uint16' },
  5: { bits: 16, dtype: 'int16' },
  6: { bits: 32, dtype: 'int32' },
  7: { bits: 64, dtype: 'int64' },
  9: { bits: 8, dtype: 'bool' },
  10: { bits: 16, dtype: 'float16' },
  11: { bits: 64, dtype: 'float64' },
  12: { bits: 32, dtype: 'uint32' },
  13: { bits: 64, dtype: 'uint64' },
  14: { bits: 64 },
  15: { bits: 128 },
  16: { bits: 16 },
  21: { bits: 4 },
  22: { bits: 4 },
  23: { bits: 4 },
  25: { bits: 2 },
  26: { bits: 2 },
}

/** The types with fewer bits than float32, whose rounding differs between engines: float16, bfloat16, float8, float4. */
const SMALL_FLOATS = new Set([10, 16, 17, 18, 19, 20, 23, 24])

/** Dimensions of one tensor: what a manifest may hold. */
export const MAX_RANK = 16

/** TensorProto.DataLocation. */
const EXTERNAL = 1

/** Nothing that a file says is counted past this. */
export const MOST = Number.MAX_SAFE_INTEGER

export const dtypeOf = (type: number): DType | undefined => TYPES[type]?.dtype

export const typeOf = (dtype: DType): number =>
  Number(Object.keys(TYPES).find((type) => dtypeOf(Number(type)) === dtype))

export const isSmallFloat = (type: number): boolean => SMALL_FLOATS.has(type)

/** Bytes of so many elements. Strings count for a byte each. */
export const bytesFor = (type: number, elements: number): number =>
  Math.min(MOST, Math.ceil((elements * (TYPES[type]?.bits ?? 8)) / 8))

/** What one TensorProto says of itself. */
export interface TensorFacts {
  readonly name: string
  readonly type: number
  readonly elements: number
  readonly elsewhere?: Elsewhere
}

/** Where a tensor's numbers lie in another file. */
export interface Elsewhere {
  /** As the graph calls it. */
  readonly path: string
  readonly offset: number
  /** Bytes which that file must have: the numbers end there. */
  readonly bytes: number
}

/** Rejects with `MODEL_REFUSED` what names a file that no model may name. */
export function readTensor(tensor: Uint8Array, budget: Budget): TensorFacts {
  let [own, type, rank, elements, external] = ['', 0, 0, 1, false]
  const entries = new Map<string, string>()
  readMessage(tensor, budget, {
    1: integers((n) => {
      elements = Math.min(MOST, elements * n)
      if (n < 0 || ++rank > MAX_RANK) throw refused('one of its weights has an impossible shape')
    }),
    2: integer((found) => (type = found)),
    8: name((found) => (own = found)),
    13: bytes((entry) => {
      external = true
      const [key, value] = readEntry(entry, budget)
      entries.set(key, value)
    }),
    14: integer((location) => (external ||= location === EXTERNAL)),
  })
  return { name: own, type, elements, ...(external ? { elsewhere: elsewhere(entries, bytesFor(type, elements)) } : {}) }
}

/** A StringStringEntryProto: a key and a value. */
export function readEntry(entry: Uint8Array, budget: Budget): [key: string, value: string] {
  let [key, value] = ['', '']
  readMessage(entry, budget, { 1: text((found) => (key = found)), 2: text((found) => (value = found)) })
  return [key, value]
}

function elsewhere(entries: ReadonlyMap<string, string>, size: number): Elsewhere {
  const path = (entries.get('location') ?? '').replace(/^\.\//, '')
  // An asterisk is no file to the engine: it marks an address in its own memory.
  if (!isPath(path) || path.includes('*'))
    throw refused('its weights lie in a file outside its own folder, or one without a name')
  const offset = whole(entries.get('offset') ?? '0')
  return { path, offset, bytes: offset + whole(entries.get('length') ?? String(size)) }
}

function whole(digits: string): number {
  if (!/^\d{1,15}$/.test(digits)) throw refused('it does not say where in a file its weights lie')
  return Number(digits)
}
