import { canonicalData } from '../../domain/commitment.ts'
import { hashValue, NOT_CARRIED } from '../../domain/dispute/trace.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'

/** Bytes of the largest tensor that is copied before it is hashed: larger ones are rare. */
const MAX_SCRATCH = 16 << 20

/** Bytes that the browser hashes at a time: it makes a copy of all of them. */
const IN_FLIGHT = 16 << 20

/** What is hashed is put here first: a buffer that the browser's own code has seen is not given back before the collector comes. */
let scratch = new Uint8Array(0)

/** A copy: a worker's answer gives its buffers away. */
export const notCarried = (): Uint8Array => NOT_CARRIED.slice()

/**
 * The hash of each value, as `valueHash` gives it, taken beside this thread. `keepsMemoryLow`: by way of one buffer, which takes
 * longer, and leaves nothing for the collector.
 */
export async function hashValues(
  values: Tensors,
  { keepsMemoryLow = false }: { keepsMemoryLow?: boolean } = {},
): Promise<Map<string, Uint8Array>> {
  const hashes = new Map<string, Uint8Array>()
  let [pending, bytes]: [Promise<unknown>[], number] = [[], 0]
  for (const [name, tensor] of Object.entries(values)) {
    const data = canonicalData(tensor)
    const seen = keepsMemoryLow ? inScratch(data) : (data as Uint8Array<ArrayBuffer>)
    pending.push(hashTensor(name, tensor, seen).then((hash) => hashes.set(name, hash)))
    bytes += tensor.data.length
    if (bytes < IN_FLIGHT) continue
    await Promise.all(pending)
    ;[pending, bytes] = [[], 0]
  }
  await Promise.all(pending)
  return hashes
}

async function hashTensor(name: string, tensor: Tensor, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  // It copies what it is given before it returns (Web Cryptography API, SubtleCrypto.digest, step 2).
  const digest = await crypto.subtle.digest('SHA-256', data)
  return hashValue(name, tensor, new Uint8Array(digest))
}

function inScratch(data: Uint8Array): Uint8Array<ArrayBuffer> {
  if (data.length > MAX_SCRATCH) return data as Uint8Array<ArrayBuffer>
  if (data.length > scratch.length) scratch = new Uint8Array(data.length)
  scratch.set(data)
  return scratch.subarray(0, data.length)
}

/** Gives a tensor's memory back at once: as much may be needed before the collector comes. Nobody may use it any more. */
export function letGo({ data }: Tensor): void {
  if (data.buffer instanceof ArrayBuffer) data.buffer.transfer(0)
}
