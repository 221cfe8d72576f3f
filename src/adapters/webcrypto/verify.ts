import { hex } from '../../domain/hash.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { isSoundPoint } from './points.ts'
import { subtle, unshared } from './subtle.ts'

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/** Public keys kept imported: several rooms' peers, at about a kilobyte each. Importing costs as much as verifying. */
const MAX_KEYS = 256

/** Imported keys in order of last use. `undefined` where the bytes are no key. */
const keys = new Map<string, Promise<CryptoKey | undefined>>()

/**
 * Verifies Ed25519 (RFC 8032) alike in every browser: points that engines disagree about are refused before they are
 * asked. Never throws; where there is no Ed25519 at all, no signature holds.
 */
export const verifySignature: VerifySignature = async (publicKey, bytes, signature) => {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  if (!isSoundPoint(publicKey) || !isSoundPoint(signature.subarray(0, KEY_BYTES))) return false
  try {
    const key = await imported(publicKey)
    return key !== undefined && (await subtle().verify('Ed25519', key, unshared(signature), unshared(bytes)))
  } catch {
    return false
  }
}

function imported(publicKey: Uint8Array): Promise<CryptoKey | undefined> {
  const name = hex(publicKey)
  const key = keys.get(name) ?? importKey(publicKey.slice())
  keys.delete(name)
  keys.set(name, key)
  const [oldest] = keys.keys()
  if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest)
  return key
}

const importKey = async (publicKey: Uint8Array): Promise<CryptoKey | undefined> => {
  try {
    return await subtle().importKey('raw', unshared(publicKey), 'Ed25519', false, ['verify'])
  } catch {
    return undefined
  }
}
