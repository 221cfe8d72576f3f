import type { DatabaseSync } from 'node:sqlite'
import { decode, encode } from '@ipld/dag-cbor'
import type { RecordStore } from '../../ports/record-store.ts'
import { guarded } from './database.ts'

/** Records of one kind in a file of SQLite, as dag-cbor. */
export function sqliteRecords(database: DatabaseSync, store: string): RecordStore {
  const all = database.prepare('SELECT key, value FROM records WHERE store = ?')
  const get = database.prepare('SELECT value FROM records WHERE store = ? AND key = ?')
  const put = database.prepare('INSERT OR REPLACE INTO records (store, key, value) VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM records WHERE store = ? AND key = ?')
  return {
    async all() {
      const rows = guarded(() => all.all(store)) as { key: string; value: Uint8Array }[]
      // SQLite orders by UTF-8, which differs from the order of characters where there are surrogates.
      return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, value }) => [key, decode(value)] as const)
    },
    async get(key) {
      const row = guarded(() => get.get(store, key)) as { value: Uint8Array } | undefined
      return row && decode(row.value)
    },
    async put(key, value) {
      const bytes = encode(value)
      guarded(() => put.run(store, key, bytes), bytes.length)
    },
    async delete(key) {
      guarded(() => remove.run(store, key))
    },
  }
}
