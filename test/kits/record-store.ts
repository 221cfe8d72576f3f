import { describe, expect, test } from 'vitest'
import type { RecordStore } from '../../src/ports/record-store.ts'

/** One of everything that a record may hold. */
const RECORD = {
  name: 'alice/sqüeezenet@1.0.0',
  root: new Uint8Array([0, 127, 255]),
  bytes: 4_956_208,
  share: 0.41,
  pinned: true,
  parent: null,
  files: [{ path: 'model.onnx', blocks: [1, 2, 3] }, []],
  empty: {},
}

/** What every `RecordStore` must do. `open` gives an empty one. */
export function recordStoreKit(name: string, open: () => RecordStore): void {
  describe(`${name} is a RecordStore`, () => {
    test('holds nothing at first', async () => {
      const store = open()
      expect(await store.all()).toEqual([])
      expect(await store.get('a')).toBeUndefined()
    })

    test('gives back what was put last', async () => {
      const store = open()
      await store.put('a', 'first')
      await store.put('a', RECORD)
      await store.put('b', 7)
      expect(await store.get('a')).toEqual(RECORD)
      expect(await store.get('b')).toBe(7)
    })

    test('lists all of them, by key in the order of its characters', async () => {
      const store = open()
      for (const key of ['b', 'a10', 'a9', 'B', 'é', '', 'a']) await store.put(key, `value of ${key}`)
      const keys = ['', 'B', 'a', 'a10', 'a9', 'b', 'é']
      expect(await store.all()).toEqual(keys.map((key) => [key, `value of ${key}`]))
    })

    test('lets go of what is deleted, and of nothing else', async () => {
      const store = open()
      await store.put('a', 1)
      await store.put('b', 2)
      await store.delete('a')
      await store.delete('a')
      expect(await store.get('a')).toBeUndefined()
      expect(await store.all()).toEqual([['b', 2]])
    })

    test('keeps what was put, whatever becomes of the value it was given or gave', async () => {
      const store = open()
      const value = { files: ['a'], root: new Uint8Array([1]) }
      await store.put('a', value)
      value.files.push('b')
      value.root[0] = 2
      const read = (await store.get('a')) as typeof value
      expect(read).toEqual({ files: ['a'], root: new Uint8Array([1]) })
      read.files.push('c')
      expect(await store.get('a')).toEqual({ files: ['a'], root: new Uint8Array([1]) })
    })
  })
}
