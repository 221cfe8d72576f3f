import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { base64url } from 'multiformats/bases/base64'

/** What stands before the seed in the PKCS #8 form of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/**
 * The private key of a 32-byte seed, as libp2p has it: the seed, then the public key. The browser computes the latter, since
 * libp2p would do it with 4 KB gzip of JavaScript that a tab has no other use for.
 */
export async function privateKeyOf(seed: Uint8Array): Promise<Ed25519PrivateKey> {
  const key = await crypto.subtle.importKey('pkcs8', Uint8Array.of(...PKCS8_PREFIX, ...seed), 'Ed25519', true, ['sign'])
  const { x = '' } = await crypto.subtle.exportKey('jwk', key)
  return privateKeyFromRaw(Uint8Array.of(...seed, ...base64url.baseDecode(x))) as Ed25519PrivateKey
}
