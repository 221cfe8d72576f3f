import { encode } from '@ipld/dag-cbor'
import { sha256 } from '@noble/hashes/sha2.js'

export { compareBytes, equalBytes, fromHex, hex } from './bytes.ts'

type Part = Uint8Array | string | number | readonly Part[]

/** SHA-256 of a purpose and its parts, encoded as one dag-cbor array so that no two lists of parts read the same. 32 bytes. */
export const hash = (purpose: string, ...parts: Part[]): Uint8Array => sha256(encode([purpose, ...parts]))

export const hashBytes = (bytes: Uint8Array): Uint8Array => sha256(bytes)
