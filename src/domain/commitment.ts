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

/** The one NaN of each type: quiet, and without a sign. */
const NAN = { float16: 0x7e00, float32: 0x7fc00000, float64: 0x7ff8000000000000n }

/** The data with each NaN replaced by the quiet NaN of its type. The tensor's own where it holds none. */
export function canonicalData(tensor: Tensor): Uint8Array {
  switch (tensor.dtype) {
    case 'float16': {
      const words = new Uint16Array(...elementsIn(tensor, 2))
      if (!holdsHalfNaN(words)) return tensor.data
      return new Uint8Array(words.map((word) => (isHalfNaN(word) ? NAN.float16 : word)).buffer)
    }
    case 'float32': {
      const values = new Float32Array(...elementsIn(tensor, 4))
      if (!holdsNaN(values)) return tensor.data
      const words = new Uint32Array(aligned(tensor, 4))
      values.forEach((value, i) => {
        if (Number.isNaN(value)) words[i] = NAN.float32
      })
      return new Uint8Array(words.buffer)
    }
    case 'float64': {
      const values = new Float64Array(...elementsIn(tensor, 8))
      if (!holdsNaN(values)) return tensor.data
      const words = new BigUint64Array(aligned(tensor, 8))
      values.forEach((value, i) => {
        if (Number.isNaN(value)) words[i] = NAN.float64
      })
      return new Uint8Array(words.buffer)
    }
    default:
      return tensor.data
  }
}

/** Where a tensor's elements lie, for a typed array to view: in place, unless they are not aligned. */
function elementsIn(tensor: Tensor, size: number): [buffer: ArrayBuffer, offset: number, count: number] {
  const { buffer, byteOffset, length } = tensor.data
  const count = Math.floor(length / size)
  return byteOffset % size === 0 ? [buffer as ArrayBuffer, byteOffset, count] : [aligned(tensor, size), 0, count]
}

/** Asked of the browser's own code: loops over what was just made were seen to become six times as slow once they were optimised. */
const holdsNaN = (values: Float32Array | Float64Array): boolean => values.includes(Number.NaN)

function holdsHalfNaN(words: Uint16Array): boolean {
  for (let i = 0; i < words.length; i++) if (isHalfNaN(words[i] ?? 0)) return true
  return false
}

const isHalfNaN = (word: number): boolean => (word & 0x7fff) > 0x7c00
