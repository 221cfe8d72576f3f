import { afterEach, expect, test, vi } from 'vitest'
import { openSigner } from '../../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../../src/adapters/webcrypto/verify.ts'
import { bytesOf, signerKit, SMALL_ORDER } from '../../kits/signer.ts'

signerKit('webcrypto in Node', openSigner, verifySignature)

afterEach(() => vi.restoreAllMocks())

test('a browser without Ed25519 is told to be updated', async () => {
  vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('Unrecognized name.', 'NotSupportedError'))
  await expect(openSigner(new Uint8Array(32))).rejects.toMatchObject({ fault: { code: 'BROWSER_TOO_OLD' } })
})

test('a page from an insecure address is told where to go', async () => {
  vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(undefined as unknown as SubtleCrypto)
  await expect(openSigner(new Uint8Array(32))).rejects.toMatchObject({ fault: { code: 'INSECURE_PAGE' } })
  expect(await verifySignature(new Uint8Array(32).fill(2), new Uint8Array(1), new Uint8Array(64).fill(2))).toBe(false)
})

test('an engine that takes keys of small order is not asked', async () => {
  vi.spyOn(crypto.subtle, 'verify').mockResolvedValue(true)
  const sound = (await openSigner(new Uint8Array(32))).publicKey
  const signature = new Uint8Array([...sound, ...new Uint8Array(32)])
  expect(await verifySignature(sound, new Uint8Array(1), signature)).toBe(true)
  for (const point of SMALL_ORDER.map(bytesOf)) {
    expect(await verifySignature(point, new Uint8Array(1), signature)).toBe(false)
    expect(
      await verifySignature(
        sound,
        new Uint8Array(1),
        new Uint8Array(64).map((_, i) => point[i] ?? 0),
      ),
    ).toBe(false)
  }
})
