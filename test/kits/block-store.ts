import { describe, expect, test } from 'vitest'
import { hashBytes } from '../../src/domain/hash.ts'
import { release } from '../../src/domain/release.ts'
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

export const digestsOf = (blocks: readonly Block[]): Uint8Array[] => blocks.map(({ digest }) => digest)

/** Which of the blocks are kept, in their order. */
export async function kept(store: BlockStore, blocks: readonly Block[]): Promise<boolean[]> {
  const missing = await store.missing(digestsOf(blocks))
  return blocks.map(({ digest }) => !missing.includes(digest))
}

export async function fill(store: BlockStore, ...blocks: readonly Block[]): Promise<void> {
  for (const { digest, bytes } of blocks) await store.put(digest, bytes)
}

/** What every `BlockStore` must do. `open` gives an empty one that keeps `maxBytes` at most. */
export function blockStoreKit(name: string, open: (maxBytes: number) => Promise<BlockStore>): void {
  const [a, b, c, d, e] = [blockOf(0), blockOf(1), blockOf(2), blockOf(3), blockOf(4)]
  const full = (bytes: number) => ({ fault: { code: 'STORAGE_FULL', bytes } })

  describe(`${name} is a BlockStore`, () => {
    test('gives back what was put, and nothing else', async () => {
      const store = await open(10 * BLOCK)
      await fill(store, a, b)
      expect(await store.get(a.digest)).toEqual(a.bytes)
      expect(await store.get(b.digest)).toEqual(b.bytes)
      expect(await store.get(c.digest)).toBeUndefined()
    })

    test('names those of the digests that are missing, in their order', async () => {
      const store = await open(10 * BLOCK)
      await fill(store, b, d)
      expect(await store.missing(digestsOf([e, b, c, d, a]))).toEqual(digestsOf([e, c, a]))
      expect(await store.missing(digestsOf([d, b]))).toEqual([])
      expect(await store.missing([])).toEqual([])
    })

    test('takes a block that is part of a larger buffer', async () => {
      const store = await open(10 * BLOCK)
      const message = new Uint8Array([...a.digest, ...a.bytes, 1, 2, 3])
      await store.put(message.subarray(0, 32), message.subarray(32, 32 + BLOCK))
      expect(await store.get(a.digest)).toEqual(a.bytes)
      expect(await store.usage()).toEqual({ bytes: BLOCK, pinned: 0 })
    })

    test('keeps what was put, whatever becomes of the bytes that it was given or gave', async () => {
      const store = await open(10 * BLOCK)
      const given = a.bytes.slice()
      await store.put(a.digest, given)
      release(given)
      const got = await store.get(a.digest)
      expect(got).toEqual(a.bytes)
      expect(got?.buffer.byteLength).toBe(BLOCK)
      release(got!)
      expect(await store.get(a.digest)).toEqual(a.bytes)
    })

    test('keeps an empty block', async () => {
      const store = await open(10 * BLOCK)
      const empty = blockOf(0, 0)
      await fill(store, empty)
      expect(await store.get(empty.digest)).toEqual(new Uint8Array(0))
      expect(await kept(store, [empty])).toEqual([true])
    })

    test('counts the bytes it keeps: a block put twice once, a deleted one no more', async () => {
      const store = await open(10 * BLOCK)
      expect(await store.usage()).toEqual({ bytes: 0, pinned: 0 })
      await fill(store, a, b, c, a)
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 0 })
      await store.delete(digestsOf([a, c, d]))
      await store.delete(digestsOf([a]))
      expect(await store.usage()).toEqual({ bytes: BLOCK, pinned: 0 })
      expect(await kept(store, [a, b, c])).toEqual([false, true, false])
      expect(await store.get(a.digest)).toBeUndefined()
    })

    test('counts the bytes that are pinned: by put or later, once, until they are unpinned or deleted', async () => {
      const store = await open(10 * BLOCK)
      await store.put(a.digest, a.bytes, { pinned: true })
      await fill(store, b, c)
      await store.pin(digestsOf([a, b, c, d]), true)
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 3 * BLOCK })
      await store.pin(digestsOf([b, b, e]), false)
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 2 * BLOCK })
      await store.delete(digestsOf([a, a, b]))
      expect(await store.usage()).toEqual({ bytes: BLOCK, pinned: BLOCK })
      await fill(store, a)
      expect(await store.usage()).toEqual({ bytes: 2 * BLOCK, pinned: BLOCK })
    })

    test('lets the least recently used go when it is full', async () => {
      const store = await open(3 * BLOCK)
      await fill(store, a, b, c)
      await store.get(a.digest)
      await fill(store, d)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, true, true])
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 0 })
    })

    test('counts putting a block again as a use of it, and asking what is missing as none', async () => {
      const store = await open(3 * BLOCK)
      await fill(store, a, b, c, a)
      await store.missing(digestsOf([b]))
      await fill(store, d)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, true, true])
    })

    test('lets as many go as a large block needs', async () => {
      const store = await open(3 * BLOCK)
      const large = blockOf(4, 2 * BLOCK + 1)
      await fill(store, a, b, c, large)
      expect(await kept(store, [a, b, c, large])).toEqual([false, false, false, true])
      expect(await store.usage()).toEqual({ bytes: 2 * BLOCK + 1, pinned: 0 })
    })

    test('never lets a pinned block go, whether it was put so or pinned later', async () => {
      const store = await open(3 * BLOCK)
      await store.put(a.digest, a.bytes, { pinned: true })
      await fill(store, b, c)
      await store.pin(digestsOf([b]), true)
      await fill(store, d, e)
      expect(await kept(store, [a, b, c, d, e])).toEqual([true, true, false, false, true])
    })

    test('keeps a pinned block pinned when it is put again', async () => {
      const store = await open(2 * BLOCK)
      await store.put(a.digest, a.bytes, { pinned: true })
      await fill(store, a)
      await store.put(a.digest, a.bytes, { pinned: false })
      expect(await store.usage()).toEqual({ bytes: BLOCK, pinned: BLOCK })
      await fill(store, b, c, d)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, false, true])
    })

    test('pins a block that is put again to be pinned', async () => {
      const store = await open(2 * BLOCK)
      await fill(store, a)
      await store.put(a.digest, a.bytes, { pinned: true })
      await fill(store, b, c)
      expect(await kept(store, [a, b, c])).toEqual([true, false, true])
    })

    test('lets an unpinned block go by its last use, which pinning is none of', async () => {
      const store = await open(4 * BLOCK)
      await fill(store, a, b, c)
      await store.pin(digestsOf([a, b, c]), true)
      await store.get(a.digest)
      await store.pin(digestsOf([a]), false)
      await store.pin(digestsOf([b, c]), false)
      await fill(store, d, e)
      expect(await kept(store, [a, b, c, d, e])).toEqual([true, false, true, true, true])
    })

    test('refuses a block larger than the whole store, and keeps what it has', async () => {
      const store = await open(2 * BLOCK)
      await fill(store, a)
      const huge = blockOf(5, 2 * BLOCK + 1)
      await expect(store.put(huge.digest, huge.bytes)).rejects.toMatchObject(full(2 * BLOCK + 1))
      expect(await kept(store, [a, huge])).toEqual([true, false])
      expect(await store.usage()).toEqual({ bytes: BLOCK, pinned: 0 })
    })

    test('refuses a block that pinned ones leave no room for, and lets nothing go for it', async () => {
      const store = await open(3 * BLOCK)
      await store.put(a.digest, a.bytes, { pinned: true })
      await store.put(b.digest, b.bytes, { pinned: true })
      await fill(store, c)
      const large = blockOf(5, BLOCK + 1)
      await expect(store.put(large.digest, large.bytes)).rejects.toMatchObject(full(BLOCK + 1))
      await expect(store.put(large.digest, large.bytes, { pinned: true })).rejects.toMatchObject(full(BLOCK + 1))
      expect(await kept(store, [a, b, c, large])).toEqual([true, true, true, false])
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 2 * BLOCK })
      await store.pin(digestsOf([a]), false)
      await fill(store, large)
      expect(await kept(store, [a, b, c, large])).toEqual([false, true, false, true])
    })

    test('takes what fits among blocks put at once, and refuses only what does not', async () => {
      const store = await open(4 * BLOCK)
      const huge = blockOf(5, 4 * BLOCK + 1)
      const pinned = { pinned: true }
      const outcomes = await Promise.allSettled([
        store.put(a.digest, a.bytes, pinned),
        store.put(huge.digest, huge.bytes),
        ...[b, c, d, e].map(({ digest, bytes }) => store.put(digest, bytes, pinned)),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
      ])
      expect(await kept(store, [a, huge, b, c, d, e])).toEqual([true, false, true, true, true, false])
      expect(await store.usage()).toEqual({ bytes: 4 * BLOCK, pinned: 4 * BLOCK })
    })

    test('stays within its bytes when many are put at once', async () => {
      const store = await open(5 * BLOCK)
      const blocks = Array.from({ length: 20 }, (_, i) => blockOf(i))
      await Promise.all(blocks.map(({ digest, bytes }) => store.put(digest, bytes)))
      expect(await kept(store, blocks)).toEqual(blocks.map((_, i) => i >= 15))
      expect(await store.usage()).toEqual({ bytes: 5 * BLOCK, pinned: 0 })
    })

    test('lets go of what is over a lower limit, the least recently used first, and keeps to it', async () => {
      const store = await open(5 * BLOCK)
      await fill(store, a, b, c, d)
      await store.get(a.digest)
      await store.limit(2 * BLOCK + 1)
      expect(await kept(store, [a, b, c, d])).toEqual([true, false, false, true])
      await fill(store, e)
      expect(await kept(store, [a, d, e])).toEqual([true, false, true])
      await store.limit(3 * BLOCK)
      await fill(store, b)
      expect(await store.usage()).toEqual({ bytes: 3 * BLOCK, pinned: 0 })
    })

    test('keeps pinned blocks over a lower limit, and takes none until there is room', async () => {
      const store = await open(5 * BLOCK)
      await fill(store, a, b, c)
      await store.pin(digestsOf([b, c]), true)
      await store.limit(BLOCK)
      expect(await kept(store, [a, b, c])).toEqual([false, true, true])
      expect(await store.usage()).toEqual({ bytes: 2 * BLOCK, pinned: 2 * BLOCK })
      await expect(store.put(a.digest, a.bytes)).rejects.toMatchObject(full(BLOCK))
      await store.pin(digestsOf([b, c]), false)
      await fill(store, a)
      expect(await kept(store, [a, b, c])).toEqual([true, false, false])
    })
  })
}
