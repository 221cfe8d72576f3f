import { expect, test } from 'vitest'
import { randomBytes } from '../../../src/adapters/webcrypto/random.ts'
import { hex } from '../../../src/domain/hash.ts'

test.for([0, 1, 32, 65_536, 200_001])('%d random bytes, filled to the end', (length) => {
  const bytes = randomBytes(length)
  expect(bytes).toHaveLength(length)
  // 32 zeros in a row come once in 2^256.
  for (let at = 0; at + 32 <= length; at += 32) expect(bytes.subarray(at, at + 32).some((byte) => byte > 0)).toBe(true)
})

test('never the same twice', () => {
  expect(new Set(Array.from({ length: 100 }, () => hex(randomBytes(32)))).size).toBe(100)
})
