import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { privateKeyOf } from '../../../src/adapters/libp2p/private-key.ts'

test('a seed becomes the key that libp2p itself would make of it', async () => {
  const seed = new Uint8Array(32).map((_, at) => at)
  const [ours, theirs] = await Promise.all([privateKeyOf(seed), generateKeyPairFromSeed('Ed25519', seed)])
  expect(ours.raw).toEqual(theirs.raw)
  expect(ours.publicKey.equals(theirs.publicKey)).toBe(true)
  const signature = await ours.sign(seed)
  expect(await theirs.publicKey.verify(seed, signature)).toBe(true)
})
