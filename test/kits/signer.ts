import { describe, expect, test } from 'vitest'
import { hex } from '../../src/domain/hash.ts'
import { keyFromPeerId } from '../../src/domain/peer-id.ts'
import type { Signer, VerifySignature } from '../../src/ports/signer.ts'

/** RFC 8032, section 7.1: tests 1, 2 and 3. */
const VECTORS = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
] as const

/** Points of small order, each as both signs of x and as every y of 32 bytes that stands for it. */
export const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]

/** The order of the base point (RFC 8032, section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

export const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 1)

/** The second signature of the same message under the same key that S + L would make, were S not bounded. */
function withoutBound(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${hex(signature.slice(32).toReversed())}`) + L
  return new Uint8Array([...signature.slice(0, 32), ...bytesOf(s.toString(16).padStart(64, '0')).toReversed()])
}

/** What every `Signer` and the `VerifySignature` beside it must do. */
export function signerKit(name: string, open: (seed: Uint8Array) => Promise<Signer>, verify: VerifySignature): void {
  describe(`${name} signs and verifies`, () => {
    const message = new TextEncoder().encode('the moot is met')
    const seed = new Uint8Array(32).fill(5)

    test.for(VECTORS)('as RFC 8032 does: message "$message"', async (vector) => {
      const signer = await open(bytesOf(vector.seed))
      expect(hex(signer.publicKey)).toBe(vector.key)
      expect(keyFromPeerId(signer.peer)).toEqual(signer.publicKey)
      expect(hex(await signer.sign(bytesOf(vector.message)))).toBe(vector.signature)
      expect(await verify(bytesOf(vector.key), bytesOf(vector.message), bytesOf(vector.signature))).toBe(true)
    })

    test('what was altered does not hold', async () => {
      const { publicKey, sign } = await open(seed)
      const signature = await sign(message)
      expect(await verify(publicKey, message, signature)).toBe(true)
      expect(await verify(publicKey, flipped(message, 3), signature)).toBe(false)
      expect(await verify(publicKey, message, flipped(signature, 3))).toBe(false)
      expect(await verify(publicKey, message, flipped(signature, 40))).toBe(false)
      expect(await verify(flipped(publicKey, 3), message, signature)).toBe(false)
    })

    test('malformed keys and signatures are not valid, and throw nothing', async () => {
      const { publicKey, sign } = await open(seed)
      const signature = await sign(message)
      for (const length of [0, 1, 31, 33, 64, 1_000_000]) {
        expect(await verify(new Uint8Array(length).fill(3), message, signature)).toBe(false)
      }
      for (const length of [0, 1, 32, 63, 65, 1_000_000]) {
        expect(await verify(publicKey, message, new Uint8Array(length).fill(3))).toBe(false)
      }
    })

    test('a signature has one form', async () => {
      const { publicKey, sign } = await open(seed)
      expect(await verify(publicKey, message, withoutBound(await sign(message)))).toBe(false)
    })

    test.for(SMALL_ORDER)('a key of small order signs nothing: %s', async (point) => {
      const forged = new Uint8Array(64)
      forged.set(bytesOf(point))
      const identity = new Uint8Array(64).with(0, 1)
      const messages = Array.from({ length: 8 }, (_, i) => Uint8Array.of(i))
      const held = await Promise.all(
        messages.flatMap((bytes) => [verify(bytesOf(point), bytes, forged), verify(bytesOf(point), bytes, identity)]),
      )
      expect(held).not.toContain(true)
    })

    test('a point that is not reduced is no key', async () => {
      for (let low = 0xed; low <= 0xff; low++) {
        const point = new Uint8Array(32).fill(0xff).with(0, low).with(31, 0x7f)
        expect(await verify(point, message, new Uint8Array(64).with(0, 1))).toBe(false)
      }
    })

    test('more keys than it remembers', async () => {
      const signers = await Promise.all(
        Array.from({ length: 300 }, (_, i) =>
          open(
            new Uint8Array(32)
              .fill(1)
              .with(0, i & 255)
              .with(1, i >> 8),
          ),
        ),
      )
      const signatures = await Promise.all(signers.map(({ sign }) => sign(message)))
      for (let round = 0; round < 2; round++) {
        const held = await Promise.all(signers.map(({ publicKey }, i) => verify(publicKey, message, signatures[i]!)))
        expect(held).not.toContain(false)
      }
      expect(await verify(signers[0]!.publicKey, message, signatures[1]!)).toBe(false)
    })

    test.for([0, 31, 33])('a seed of %d bytes opens nothing', async (length) => {
      await expect(open(new Uint8Array(length))).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
    })
  })
}
