import { describe, expect, test } from 'vitest'
import type { Signed } from '../../src/domain/envelope.ts'
import { hash } from '../../src/domain/hash.ts'
import { PAGE_ENTRIES } from '../../src/domain/ledger/log-page.ts'
import type { Appended, LogStore } from '../../src/ports/log-store.ts'

export const LONG = 2 * PAGE_ENTRIES + 10

/** A log of entries that nobody signed: a store looks into none. */
export const logOf = (name: string, length: number): readonly Appended[] =>
  Array.from({ length }, (_, seq) => ({ signed: entryOf(name, seq), seq }))

export const entryOf = (name: string, seq: number): Signed => ({
  body: new Uint8Array(100 + (seq % 7)).fill(seq),
  key: keyOf(name),
  signature: new Uint8Array(64).fill(seq + 1),
})

export const keyOf = (name: string): Uint8Array => hash('kit', name)

export const signedOf = (log: readonly Appended[]): readonly Signed[] => log.map(({ signed }) => signed)

/** All pages, in the order of their coming. */
export async function loaded(store: LogStore): Promise<readonly (readonly Signed[])[]> {
  const pages: (readonly Signed[])[] = []
  for await (const page of store.load()) pages.push(page)
  return pages
}

/** What is kept of one log, in order. */
export const keptOf = async (store: LogStore, name: string): Promise<readonly Signed[]> =>
  (await loaded(store)).flat().filter(({ key }) => String(key) === String(keyOf(name)))

/** What every `LogStore` must do. `open` gives an empty one. */
export function logStoreKit(name: string, open: () => LogStore): void {
  describe(`${name} is a LogStore`, () => {
    test('holds nothing at first', async () => {
      expect(await loaded(open())).toEqual([])
    })

    test('gives back each log in order, in pages of one log each', async () => {
      const store = open()
      const [ann, ben] = [logOf('ann', LONG), logOf('ben', 3)]
      await store.append([...ann.slice(0, 5), ...ben.slice(0, 1)])
      await store.append([...ben.slice(1), ...ann.slice(5)])
      const pages = await loaded(store)
      expect(pages.length).toBeGreaterThan(3)
      for (const page of pages) expect(new Set(page.map(({ key }) => String(key))).size).toBe(1)
      expect(await keptOf(store, 'ann')).toEqual(signedOf(ann))
      expect(await keptOf(store, 'ben')).toEqual(signedOf(ben))
    })

    test('keeps an entry that is added alone, wherever in a page it comes to lie', async () => {
      const store = open()
      const log = logOf('ann', PAGE_ENTRIES + 2)
      for (const entry of log) await store.append([entry])
      expect(await keptOf(store, 'ann')).toEqual(signedOf(log))
    })

    test.for([0, 1, PAGE_ENTRIES - 1, PAGE_ENTRIES, PAGE_ENTRIES + 5, LONG - 1])(
      'ends a log before entry %i, and lets it go on from there',
      async (seq) => {
        const store = open()
        const [ann, ben] = [logOf('ann', LONG), logOf('ben', LONG)]
        await store.append([...ann, ...ben])
        await store.cut(keyOf('ann'), seq)
        expect(await keptOf(store, 'ann')).toEqual(signedOf(ann.slice(0, seq)))
        expect(await keptOf(store, 'ben')).toEqual(signedOf(ben))
        const other = Array.from({ length: 70 }, (_, i) => ({ signed: entryOf('ann', 1_000 + i), seq: seq + i }))
        await store.append(other)
        expect(await keptOf(store, 'ann')).toEqual([...signedOf(ann.slice(0, seq)), ...signedOf(other)])
      },
    )

    test('ends no log that it does not hold, and none behind its end', async () => {
      const store = open()
      await store.append(logOf('ann', 3))
      await store.cut(keyOf('ben'), 0)
      await store.cut(keyOf('ann'), 70)
      expect(await keptOf(store, 'ann')).toEqual(signedOf(logOf('ann', 3)))
    })

    test('keeps what lies beside the logs, and gives it last', async () => {
      const store = open()
      await store.beside([entryOf('cat', 1), entryOf('cat', 2), entryOf('ann', 9)])
      await store.append(logOf('zoe', 2))
      const last = [entryOf('ann', 5), entryOf('cat', 5)]
      await store.beside(last)
      const pages = await loaded(store)
      expect(pages).toEqual([signedOf(logOf('zoe', 2)), last])
      await store.beside([])
      expect((await loaded(store)).flat()).toEqual(signedOf(logOf('zoe', 2)))
    })

    test('lets go of everything', async () => {
      const store = open()
      await store.append(logOf('ann', LONG))
      await store.beside([entryOf('cat', 1)])
      await store.clear()
      expect(await loaded(store)).toEqual([])
      await store.append(logOf('ann', 2))
      expect((await loaded(store)).flat()).toHaveLength(2)
    })

    test('keeps what it was given, whatever becomes of that', async () => {
      const store = open()
      const [entry] = logOf('ann', 1)
      if (entry === undefined) throw new Error('there is no entry')
      await store.append([entry])
      entry.signed.body.fill(0xee)
      const [kept] = await keptOf(store, 'ann')
      expect(kept).toEqual(entryOf('ann', 0))
      kept?.body.fill(0xdd)
      expect(await keptOf(store, 'ann')).toEqual([entryOf('ann', 0)])
    })
  })
}
