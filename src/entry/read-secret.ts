import { randomBytes } from 'node:crypto'
import { secretFile } from '../adapters/files/secret-file.ts'

/** Bytes of a secret: an Ed25519 seed, or what else is to be as hard to guess. */
const SECRET_BYTES = 32

/** 32 random bytes that only their owner may read, the same from run to run. Rejects with a sentence where the file holds something else. */
export async function readSecret(path: string, what: string): Promise<Uint8Array> {
  const secret = await secretFile(path, () => new Uint8Array(randomBytes(SECRET_BYTES)))
  if (secret.length === SECRET_BYTES) return secret
  throw new Error(`${path} is not a ${what}: move it away, and a new one is made.`)
}
