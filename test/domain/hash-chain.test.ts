import { describe, expect, test } from 'vitest'
import { chainHead, chainLink, linkBefore, MAX_CHAIN_LENGTH } from '../../src/domain/hash-chain.ts'
import { hex } from '../../src/domain/hash.ts'

const secret = new Uint8Array(32).fill(7)
const nonce = new Uint8Array(32).fill(9)
const LENGTH = 8

describe('the hash chain of a job', () => {
  test('each link hashes to the one before it, down to the head', () => {
    for (let level = LENGTH; level > 0; level--) {
      expect(linkBefore(chainLink(secret, nonce, LENGTH, level))).toEqual(chainLink(secret, nonce, LENGTH, level - 1))
    }
    expect(chainHead(secret, nonce, LENGTH)).toEqual(chainLink(secret, nonce, LENGTH, 0))
  })

  test('no two of its links are equal, and each is 32 bytes', () => {
    const links = Array.from({ length: LENGTH + 1 }, (_, level) => chainLink(secret, nonce, LENGTH, level))
    expect(new Set(links.map(hex)).size).toBe(LENGTH + 1)
    expect(links.every((link) => link.length === 32)).toBe(true)
  })

  test('another secret, nonce or length gives another head', () => {
    const other = new Uint8Array(32).fill(8)
    const heads = [
      chainHead(secret, nonce, LENGTH),
      chainHead(other, nonce, LENGTH),
      chainHead(secret, other, LENGTH),
      chainHead(secret, nonce, LENGTH + 1),
    ]
    expect(new Set(heads.map(hex)).size).toBe(4)
  })

  test('has a head that any other build computes', () => {
    expect(hex(chainHead(secret, nonce, LENGTH))).toBe(
      '908a53c3d0f72becc1432e0e00466467727e4a8386f87190060b3f4548448188',
    )
  })

  test('a chain without links has only a head', () => {
    expect(chainHead(secret, nonce, 0)).toEqual(chainLink(secret, nonce, 0, 0))
  })

  test.for([
    [LENGTH, LENGTH + 1],
    [LENGTH, -1],
    [LENGTH, 0.5],
    [LENGTH, Number.NaN],
    [MAX_CHAIN_LENGTH + 1, 0],
    [-1, 0],
    [Number.POSITIVE_INFINITY, 0],
  ] as const)('of length %d has no link %d', ([length, level]) => {
    expect(() => chainLink(secret, nonce, length, level)).toThrowError(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })
})
