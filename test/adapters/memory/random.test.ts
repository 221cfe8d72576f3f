import { expect, test } from 'vitest'
import { seededRandomBytes } from '../../../src/adapters/memory/random.ts'

test('the same seed gives the same bytes, call by call', () => {
  const [one, other] = [seededRandomBytes('a seed'), seededRandomBytes('a seed')]
  expect([one(32), one(7), one(100)]).toEqual([other(32), other(7), other(100)])
})

test('each call and each seed gives other bytes', () => {
  const random = seededRandomBytes(Uint8Array.of(1))
  expect(random(32)).not.toEqual(random(32))
  expect(seededRandomBytes(Uint8Array.of(2))(32)).not.toEqual(seededRandomBytes(Uint8Array.of(1))(32))
})

test('as many as asked for, filled to the end', () => {
  const bytes = seededRandomBytes('a seed')(100)
  expect(bytes).toHaveLength(100)
  expect(bytes.subarray(96).some((byte) => byte > 0)).toBe(true)
})
