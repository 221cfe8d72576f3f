import { expect, test } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { fault } from '../../src/domain/fault.ts'
import { KeptBlocks } from '../../src/peer/keep-blocks.ts'
import type { BlockStore } from '../../src/ports/block-store.ts'
import { blockOf } from '../kits/block-store.ts'

const [a, b] = [blockOf(0), blockOf(1)]
const digests = [a.digest, b.digest]

type Five = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]

const unavailable = async () => {
  throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'this is a private window' })
}
const nowhere: BlockStore = {
  get: unavailable,
  missing: unavailable,
  put: unavailable,
  pin: unavailable,
  delete: unavailable,
  usage: unavailable,
  limit: unavailable,
}

test('what is wanted here stays in memory where the storage is full, and is counted', async () => {
  const blocks = new KeptBlocks(new MemoryBlockStore({ capacity: a.bytes.length }))
  await blocks.put(a.digest, a.bytes, { pinned: true })
  await blocks.put(b.digest, b.bytes, { pinned: true })
  expect(await blocks.missing(digests)).toEqual([])
  expect(await blocks.get(b.digest)).toEqual(b.bytes)
  expect([blocks.areInMemory([a.digest]), blocks.areInMemory(digests)]).toEqual([false, true])
  expect(await blocks.usage()).toEqual({ bytes: 2 * a.bytes.length, pinned: 2 * a.bytes.length })
  await blocks.delete(digests)
  expect(await blocks.missing(digests)).toEqual(digests)
  expect(await blocks.usage()).toEqual({ bytes: 0, pinned: 0 })
})

test('what only passes through takes no memory', async () => {
  const blocks = new KeptBlocks(nowhere)
  await expect(blocks.put(a.digest, a.bytes)).rejects.toMatchObject({ fault: { code: 'STORAGE_UNAVAILABLE' } })
  expect(blocks.areInMemory(digests)).toBe(false)
})

test('memory has its bound too: unpinned blocks leave it first, and past it a block is refused', async () => {
  const blocks = new KeptBlocks(nowhere)
  const large = new Uint8Array(60 << 20)
  const [first, second, third, fourth, last] = [1, 2, 3, 4, 5].map((n) => new Uint8Array(32).fill(n)) as Five
  for (const digest of [first, second, third, fourth]) await blocks.put(digest, large, { pinned: true })
  await expect(blocks.put(last, large, { pinned: true })).rejects.toMatchObject({ fault: { code: 'STORAGE_FULL' } })
  await blocks.pin([first], false)
  await blocks.put(last, large, { pinned: true })
  expect(await blocks.missing([first, last])).toEqual([first])
})

test('a browser that stores nothing lacks everything, and nothing fails', async () => {
  const blocks = new KeptBlocks(nowhere)
  expect(await blocks.get(a.digest)).toBeUndefined()
  expect(await blocks.missing(digests)).toEqual(digests)
  await blocks.pin(digests, true)
  await blocks.delete(digests)
  await blocks.limit(1)
  expect(await blocks.usage()).toEqual({ bytes: 0, pinned: 0 })
})
