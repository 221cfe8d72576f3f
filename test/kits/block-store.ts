import { describe, expect, test } from 'vitest'
import { hashBytes } from '../../src/domain/hash.ts'
import type { BlockStore } from '../../src/ports/block-store.ts'

/** Bytes of a block of the kit: large enough to be stored as a large one is. */
const BLOCK = 100_000

export interface Block {
  readonly digest: Uint8Array
  readonly bytes: Uint8Array
}

/** A block that is like no other with another number. */
export function blockOf(number: number, length = BLOCK): Block {
  const bytes = new Uint8Array(length).fill(number + 1)
  return { digest: hashBytes(bytes), bytes }
}

export const kept = async (store: BlockStore, blocks: readonly Block[]): Promise<boolean[]> =>
  Promise.all(blocks.map(({ digest }) => store.has(digest)))

/** What every `BlockStore` must do. `open` gives an empty one that keeps `maxBytes` at most. */
export function blockStoreKit(name: string, open: (maxBytes: number) => Promise<BlockStore>): void {
  const [a, b, c, d] = [blockOf(0), blockOf(1), blockOf(2), blockOf(3)]
  const fill = async (store: BlockStore, ...blocks: Block[]) => {
    for (const { digest, bytes } of blocks) await store.put(digest, bytes)
  }

  describe(`${name} is a BlockStore`, () => {
    test('gives back what was put, and nothing else', async () => {
      const store = await open(10 * BLOCK)
      await fill(store, a, b)
      expect(await store.get(a.digest)).toEqual(a.bytes)
      expect(await store.get(b.digest)).toEqual(b.bytes)
      expect(await store.get(c.digest)).toBeUndefined()
      expect(await kept(store, [a, b, c])).toEqual([true, true, false])
    })

    test('takes a block that is part of a larger buffer', async () => {
      const store = await open(10 * BLOCK)
      const message = new Uint8Array([...a.digest, ...a.bytes, 1, 2, 3])
      await store.put(message.subarray(0, 32), message.subarray(32, 32 + BLOCK))
      expect(await store.get(a.digest)).toEqual(a.bytes)
      expect(await store.size()).toBe(BLOCK)
    })

    test('keeps an empty block', async () => {
      const store = await open(10 * BLOCK)
      const empty = blockOf(0, 0)
      await fill(store, empty)
      expect(await store.get(empty.digest)).toEqual(new Uint8Array(0))
    })

    test('counts the bytes it keeps: a block put twice once, a deleted one no more', async () => {
      const store = await open(10 * BLOCK)
      expect(await store.size()).toBe(0)
      await fill(store, a, b, a)
      expect(await store.size()).toBe(2 * BLOCK)
      await store.delete(a.digest)
      await store.delete(a.digest)
      expect(await store.size()).toBe(BLOCK)
      expect(await kept(store, [a, b])).toEqual([false, true])
      expect(await store.get(a.digest)).toBeUndefined()
    })

    test('lets the least recently used go when it is full', async () => {
      const store = await open(3 * BLOCK)
      await fill(store, a, b, c)
      await store.get(a.digest)
      await fill(store, d)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, true, true])
      expect(await store.size()).toBe(3 * BLOCK)
    })

    test('counts putting a block again as a use of it', async () => {
      const store = await open(3 * BLOCK)
      await fill(store, a, b, c, a, d)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, true, true])
    })

    test('lets as many go as a large block needs', async () => {
      const store = await open(3 * BLOCK)
      const large = blockOf(4, 2 * BLOCK + 1)
      await fill(store, a, b, c, large)
      expect(await kept(store, [a, b, c, large])).toEqual([false, false, false, true])
      expect(await store.size()).toBe(2 * BLOCK + 1)
    })

    test('refuses a block larger than the whole store, and keeps what it has', async () => {
      const store = await open(2 * BLOCK)
      await fill(store, a)
      const huge = blockOf(5, 2 * BLOCK + 1)
      await expect(store.put(huge.digest, huge.bytes)).rejects.toMatchObject({
        fault: { code: 'STORAGE_FULL', bytes: 2 * BLOCK + 1 },
      })
      expect(await kept(store, [a, huge])).toEqual([true, false])
    })

    test('stays within its bytes when many are put at once', async () => {
      const store = await open(5 * BLOCK)
      const blocks = Array.from({ length: 20 }, (_, i) => blockOf(i))
      await Promise.all(blocks.map(({ digest, bytes }) => store.put(digest, bytes)))
      const left = (await kept(store, blocks)).filter(Boolean).length
      expect(left).toBe(5)
      expect(await store.size()).toBe(5 * BLOCK)
    })
  })
}
