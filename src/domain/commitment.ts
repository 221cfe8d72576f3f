import { fromString } from 'multiformats/bytes'
import { aligned } from './elements.ts'
import { compareBytes, hash, hashBytes } from './hash.ts'
import type { PeerId } from './peer-id.ts'
import type { EngineKind } from './states.ts'
import type { Tensor, Tensors } from './tensor.ts'

/**
 * The hash of named tensors: of each name, element type, shape and data, names in byte order. The bits of a NaN differ
 * between processors, so every NaN counts as the one quiet NaN of its type.
 */
export function hashTensors(tensors: Tensors): Uint8Array {
  const rows = Object.entries(tensors)
    .toSorted(([a], [b]) => compareBytes(fromString(a), fromString(b)))
    .map(([name, tensor]) => [name, tensor.dtype, [...tensor.dims], hashBytes(canonicalData(tensor))])
  return hash('moot/tensors', rows)
}

/** Binds an input without showing it: whoever later holds the tensors and the salt can check both. */
export const commitToInput = (salt: Uint8Array, input: Tensors): Uint8Array =>
  hash('moot/input', salt, hashTensors(input))

/** Binds one executor, on one engine, in one job, to one output: nobody else's commitment opens to it, and it opens to nothing else. */
export const commitToOutput = (claim: {
  job: Uint8Array
  peer: PeerId
  engine: EngineKind
  outputHash: Uint8Array
  salt: Uint8Array
}): Uint8Array => hash('moot/commit', claim.job, claim.peer, claim.engine, claim.outputHash, claim.salt)

/**
 * Infinity, sign mask and the one NaN of each type whose words fit a number. Words of 32 bits with a sign: without one, half of them
 * would be no small integers to a browser, and every look at one several times as slow.
 */
const FLOATS = {
  float16: { words: Uint16Array, infinity: 0x7c00, magnitude: 0x7fff, nan: 0x7e00 },
  float32: { words: Int32Array, infinity: 0x7f800000, magnitude: 0x7fffffff, nan: 0x7fc00000 },
}

/** The data with each NaN replaced by the quiet NaN of its type. The tensor's own where it holds none. */
export function canonicalData(tensor: Tensor): Uint8Array {
  if (tensor.dtype === 'float64') return canonicalDoubles(tensor)
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float16') return tensor.data
  const { words: Words, infinity, magnitude, nan } = FLOATS[tensor.dtype]
  const { buffer, byteOffset, length } = tensor.data
  const size = Words.BYTES_PER_ELEMENT
  const words =
    byteOffset % size === 0
      ? new Words(buffer as ArrayBuffer, byteOffset, Math.floor(length / size))
      : new Words(aligned(tensor, size))
  if (!someAbove(words, magnitude, infinity)) return tensor.data
  return new Uint8Array(words.map((word) => ((word & magnitude) > infinity ? nan : word)).buffer)
}

/** A loop: `some` calls a function for each element, and takes twenty times as long. */
function someAbove(words: Uint16Array | Int32Array, mask: number, most: number): boolean {
  for (let i = 0; i < words.length; i++) if (((words[i] ?? 0) & mask) > most) return true
  return false
}

function canonicalDoubles(tensor: Tensor): Uint8Array {
  const values = new Float64Array(aligned(tensor, 8))
  if (!values.some((value) => Number.isNaN(value))) return tensor.data
  const words = new BigUint64Array(values.buffer)
  values.forEach((value, i) => {
    if (Number.isNaN(value)) words[i] = 0x7ff8000000000000n
  })
  return new Uint8Array(words.buffer)
}
