import { expect, test } from 'vitest'
import { hashBytes } from '../../../src/domain/hash.ts'
import { hashBlock } from '../../../src/protocols/blocks/index.ts'

test('blocks that are hashed at a time are not mistaken for each other', async () => {
  const blocks = Array.from({ length: 20 }, (_, i) => new Uint8Array(50_000 - 1_000 * i).fill(i))
  expect(await Promise.all(blocks.map(hashBlock))).toEqual(blocks.map(hashBytes))
})
