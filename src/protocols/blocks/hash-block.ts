import { MAX_BLOCK } from './constants.ts'

/** What is hashed is put here first: a buffer that the browser's own code has seen can no longer be given back before the collector comes. */
const scratch = new Uint8Array(MAX_BLOCK)

/** The sha-256 digest of a block, 32 bytes, computed beside this thread. */
export async function hashBlock(block: Uint8Array): Promise<Uint8Array> {
  scratch.set(block)
  // It copies what it is given before it returns (Web Cryptography API, SubtleCrypto.digest, step 2).
  return new Uint8Array(await crypto.subtle.digest('SHA-256', scratch.subarray(0, block.length)))
}
