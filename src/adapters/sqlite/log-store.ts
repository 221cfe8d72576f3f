import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import {
  beginningOf,
  packedLength,
  packLoose,
  packPage,
  PAGE_ENTRIES,
  pagesOf,
  unpackLoose,
  unpackPage,
} from '../../domain/ledger/log-page.ts'
import type { LogStore } from '../../ports/log-store.ts'
import { guarded, transact } from './database.ts'

/** Pages read before others have their turn. */
const PAGES_AT_ONCE = 64

/** No key: what lies beside the logs. */
const BESIDE = new Uint8Array(0)

interface Row {
  readonly key: Uint8Array
  readonly page: number
  readonly bytes: Uint8Array
}

/** Logs of one room in a file of SQLite: a row for each page. */
export function sqliteLogs(database: DatabaseSync, room: Uint8Array): LogStore {
  const pages = database.prepare(
    'SELECT key, page, bytes FROM logs WHERE room = ? AND (key, page) > (?, ?) ORDER BY key, page LIMIT ?',
  )
  const get = database.prepare('SELECT bytes FROM logs WHERE room = ? AND key = ? AND page = ?')
  const put = database.prepare(
    'INSERT INTO logs (room, key, page, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  )
  const removeFrom = database.prepare('DELETE FROM logs WHERE room = ? AND key = ? AND page >= ?')
  const removeAll = database.prepare('DELETE FROM logs WHERE room = ?')
  const pageOf = (key: Uint8Array, page: number) =>
    (get.get(room, key, page) as { bytes: Uint8Array } | undefined)?.bytes ?? new Uint8Array(0)

  /** On disk before it returns, whatever becomes of the machine's power. */
  const change = (body: () => void, bytes = 0) =>
    guarded(() => {
      database.exec('PRAGMA synchronous = FULL')
      try {
        transact(database, body)
      } finally {
        database.exec('PRAGMA synchronous = NORMAL')
      }
    }, bytes)

  return {
    async *load() {
      let after: { key: Uint8Array; page: number } = { key: BESIDE, page: 0 }
      let log = { key: '', pages: 0, whole: true }
      for (;;) {
        const rows = guarded(() => pages.all(room, after.key, after.page, PAGES_AT_ONCE)) as unknown as Row[]
        for (const { key, page, bytes } of rows) {
          const name = hex(key)
          if (name !== log.key) log = { key: name, pages: 0, whole: true }
          if (!log.whole || page !== log.pages++) {
            log.whole = false
            continue
          }
          const entries = unpackPage(bytes, key)
          if (packedLength(entries) < bytes.length) log.whole = false
          if (entries.length > 0) yield entries
        }
        const last = rows.at(-1)
        if (last === undefined) break
        after = last
        await setImmediate()
      }
      const beside = unpackLoose(guarded(() => pageOf(BESIDE, 0)))
      if (beside.length > 0) yield beside
    },

    async append(entries) {
      const runs = pagesOf(entries, hex)
      change(
        () => {
          for (const { key, page, offset, entries: added } of runs) {
            const packed = packPage(added)
            const kept = beginningOf(offset === 0 ? BESIDE : pageOf(key, page), offset)
            if (kept.entries < offset)
              throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'a log that it keeps is shorter than it was' })
            put.run(room, key, page, Buffer.concat([kept.bytes, packed]))
          }
        },
        runs.reduce((sum, run) => sum + packedLength(run.entries), 0),
      )
    },

    async cut(key, seq) {
      const page = Math.floor(seq / PAGE_ENTRIES)
      change(() => {
        const before = beginningOf(seq % PAGE_ENTRIES === 0 ? BESIDE : pageOf(key, page), seq % PAGE_ENTRIES)
        removeFrom.run(room, key, page)
        if (before.entries > 0) put.run(room, key, page, before.bytes)
      })
    },

    async beside(entries) {
      change(() => void put.run(room, BESIDE, 0, packLoose(entries)))
    },

    async clear() {
      change(() => void removeAll.run(room))
    },
  }
}
