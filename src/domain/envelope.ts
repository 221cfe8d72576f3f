import { fromString } from 'multiformats/bytes'
import { hash } from './hash.ts'
import { peerIdFromKey, type PeerId } from './peer-id.ts'

/** A message as it travels and as a receipt keeps it: the exact bytes that were signed, by whom, and the signature. */
export interface Signed {
  /** The message, dag-cbor. */
  readonly body: Uint8Array
  /** Raw Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array
  /** Ed25519 (RFC 8032), 64 bytes, over `signingBytes(body)`. */
  readonly signature: Uint8Array
}

/** Keeps a signature made for Moot from meaning anything elsewhere, and the other way round. */
const DOMAIN = fromString('moot message 1\n')

/** The bytes that a signature covers. */
export function signingBytes(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(DOMAIN.length + body.length)
  bytes.set(DOMAIN)
  bytes.set(body, DOMAIN.length)
  return bytes
}

/** What names a signed message: a hash of who says what. The signature is left out, so that re-signing makes no second message. */
export const digestOf = (signed: Signed): Uint8Array => hash('moot/message', signed.key, signed.body)

export const authorOf = (signed: Signed): PeerId => peerIdFromKey(signed.key)
