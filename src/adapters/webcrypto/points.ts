import { hex } from '../../domain/hash.ts'

/**
 * Little-endian y coordinates (the sign of x left out) of the points whose order divides 8, in hexadecimal. A signature
 * by such a key, or with such an R, holds for messages that nobody signed, and engines differ in refusing it.
 * Source: "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020).
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** Says whether a 32-byte encoding can be a point at all (y < p, p = 2²⁵⁵ − 19) and is none of small order. */
export function isSoundPoint(encoded: Uint8Array): boolean {
  const y = encoded.slice()
  y[31] = (y[31] ?? 0) & 0x7f
  const belowP = (y[0] ?? 0) < 0xed || y[31] < 0x7f || y.subarray(1, 31).some((byte) => byte < 0xff)
  return belowP && !SMALL_ORDER.has(hex(y))
}
