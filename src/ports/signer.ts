import type { PeerId } from '../domain/peer-id.ts'

/** This peer's Ed25519 key. The private half never leaves the adapter. */
export interface Signer {
  readonly peer: PeerId
  /** The raw 32-byte public key. */
  readonly publicKey: Uint8Array
  /** A 64-byte RFC 8032 signature. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** Says whether `signature` is one of `publicKey` over `bytes`. Never throws: malformed keys and signatures are just not valid. */
export type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>
