import { fault } from '../../domain/fault.ts'
import { peerIdFromKey } from '../../domain/peer-id.ts'
import type { Signer } from '../../ports/signer.ts'
import { asFault, subtle, unshared } from './subtle.ts'

/** Bytes of a seed, which RFC 8032 calls the private key. */
const SEED_BYTES = 32

/** What stands before the seed in the PKCS #8 form of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/**
 * Opens the Ed25519 key of a 32-byte seed. The signing key cannot be read back out of what this returns. Rejects with
 * `MALFORMED` for a seed of another length, `BROWSER_TOO_OLD` and `INSECURE_PAGE` where the browser gives no such keys.
 */
export async function openSigner(seed: Uint8Array): Promise<Signer> {
  if (seed.length !== SEED_BYTES)
    throw fault({ code: 'MALFORMED', what: 'key', why: `its seed is ${seed.length} bytes long and not ${SEED_BYTES}` })
  const { publicKey, signingKey } = await importSeed(seed)
  return {
    peer: peerIdFromKey(publicKey),
    publicKey,
    sign: async (bytes) => new Uint8Array(await subtle().sign('Ed25519', signingKey, unshared(bytes))),
  }
}

async function importSeed(seed: Uint8Array): Promise<{ publicKey: Uint8Array; signingKey: CryptoKey }> {
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed])
  const importKey = (extractable: boolean) => subtle().importKey('pkcs8', pkcs8, 'Ed25519', extractable, ['sign'])
  try {
    // Only its JWK form carries the public half of a private key.
    const { x = '' } = await subtle().exportKey('jwk', await importKey(true))
    return { publicKey: fromBase64Url(x), signingKey: await importKey(false) }
  } catch (error) {
    throw asFault(error)
  } finally {
    pkcs8.fill(0)
  }
}

const fromBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
