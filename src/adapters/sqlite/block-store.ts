import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { fault } from '../../domain/fault.ts'
import type { BlockStore } from '../../ports/block-store.ts'
import { guarded, transact } from './database.ts'

/** Pages of 4 KiB given back before others have their turn: some 50 ms, which no ping misses. */
const PAGES_AT_ONCE = 2_048

interface Kept {
  readonly size: number
  readonly pinned: 0 | 1
}

interface Usage {
  readonly bytes: number
  readonly pinned: number
}

/** Blocks in a file of SQLite. */
export class SqliteBlockStore implements BlockStore {
  readonly #database: DatabaseSync
  readonly #statements: ReturnType<typeof prepare>
  #maxBytes: number

  constructor(database: DatabaseSync, maxBytes: number) {
    this.#database = database
    this.#statements = prepare(database)
    this.#maxBytes = maxBytes
    // An earlier process may have kept more.
    this.#change(() => this.#evict())
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const row = guarded(() => this.#statements.bytes.get(digest) as { bytes: Uint8Array } | undefined)
    try {
      if (row) this.#statements.use.run(digest)
    } catch {
      // Uses are not worth failing for: a disk that takes no more still gives what it has.
    }
    return row?.bytes
  }

  async missing(digests: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return guarded(() => digests.filter((digest) => this.#statements.kept.get(digest) === undefined))
  }

  async put(digest: Uint8Array, bytes: Uint8Array, { pinned = false } = {}): Promise<void> {
    this.#change(() => {
      const before = this.#statements.kept.get(digest) as Kept | undefined
      const pinnedOthers = this.#usage().pinned - (before?.pinned ? before.size : 0)
      if (pinnedOthers + bytes.length > this.#maxBytes) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
      this.#statements.keep.run(digest, bytes.length, pinned || before?.pinned ? 1 : 0)
      this.#statements.store.run(digest, bytes)
      this.#evict()
    }, bytes.length)
  }

  async pin(digests: readonly Uint8Array[], pinned: boolean): Promise<void> {
    this.#change(() => {
      for (const digest of digests) this.#statements.pin.run(pinned ? 1 : 0, digest)
    })
  }

  async delete(digests: readonly Uint8Array[]): Promise<void> {
    this.#change(() => {
      for (const digest of digests) this.#statements.remove.run(digest)
    })
    await this.#shrink()
  }

  async usage(): Promise<Usage> {
    return guarded(() => this.#usage())
  }

  async limit(maxBytes: number): Promise<void> {
    this.#maxBytes = maxBytes
    this.#change(() => this.#evict())
    await this.#shrink()
  }

  #usage(): Usage {
    return this.#statements.usage.get() as unknown as Usage
  }

  #evict(): void {
    const { bytes, pinned } = this.#usage()
    if (bytes > this.#maxBytes) this.#statements.evict.run(this.#maxBytes - pinned)
  }

  /** Gives the disk what the file holds no more, and others their turn meanwhile. */
  async #shrink(): Promise<void> {
    while (this.#database.isOpen && this.#freePages() > 0) {
      guarded(() => this.#database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE}); PRAGMA wal_checkpoint(TRUNCATE)`))
      await setImmediate()
    }
  }

  #freePages(): number {
    return guarded(() => (this.#statements.freePages.get() as { freelist_count: number }).freelist_count)
  }

  #change<T>(body: () => T, bytes = 0): T {
    return guarded(() => transact(this.#database, body), bytes)
  }
}

const NEXT_USE = '(SELECT coalesce(max(use), 0) + 1 FROM uses)'

const prepare = (database: DatabaseSync) => ({
  bytes: database.prepare('SELECT bytes FROM blocks WHERE digest = ?'),
  kept: database.prepare('SELECT size, pinned FROM uses WHERE digest = ?'),
  use: database.prepare(`UPDATE uses SET use = ${NEXT_USE} WHERE digest = ?`),
  keep: database.prepare(
    `INSERT INTO uses (digest, size, use, pinned) VALUES (?, ?, ${NEXT_USE}, ?)
     ON CONFLICT DO UPDATE SET size = excluded.size, use = excluded.use, pinned = excluded.pinned`,
  ),
  store: database.prepare(
    'INSERT INTO blocks (digest, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  ),
  pin: database.prepare('UPDATE uses SET pinned = ? WHERE digest = ?'),
  remove: database.prepare('DELETE FROM uses WHERE digest = ?'),
  usage: database.prepare(
    'SELECT coalesce(sum(size), 0) AS bytes, coalesce(sum(size * pinned), 0) AS pinned FROM uses',
  ),
  freePages: database.prepare('PRAGMA freelist_count'),
  /** Of those that may go, keeps the most recently used that take so many bytes together. */
  evict: database.prepare(
    `DELETE FROM uses WHERE digest IN (
       SELECT digest FROM (SELECT digest, sum(size) OVER (ORDER BY use DESC) AS newest FROM uses WHERE NOT pinned)
       WHERE newest > ?
     )`,
  ),
})
