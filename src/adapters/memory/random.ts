import { hash } from '../../domain/hash.ts'
import type { RandomBytes } from '../../ports/clock.ts'

/** Bytes that are the same for the same seed and the same calls in the same order: SHA-256 of the seed and a counter. Never for keys. */
export function seededRandomBytes(seed: Uint8Array | string): RandomBytes {
  let drawn = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      bytes.set(hash('moot/seeded-random', seed, drawn++).subarray(0, length - at), at)
    }
    return bytes
  }
}
