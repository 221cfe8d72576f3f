import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { fault, MootError } from '../../domain/fault.ts'

/** 1: identities, settings and blocks. 2: pins and records. 3: standing. 4: logs and charters. A change of any store is a new version and a step in `upgrade`. */
const VERSION = 4

/** Milliseconds until a database that does not open counts as unusable: Safari has been seen never to answer (WebKit bug 226547). */
const OPEN_LIMIT_MS = 5_000

/** What is stored was written by some version of this app, or by whoever owns the device: readers check it. */
export interface MootSchema extends DBSchema {
  /** By slot. */
  identities: { key: number; value: unknown }
  /** By the slot of their identity. */
  settings: { key: number; value: unknown }
  /** By digest, in hexadecimal. Version 1 stored blobs. */
  blocks: { key: string; value: Uint8Array | Blob }
  /** By digest. The index holds those that may go, the least recently used first. */
  uses: { key: string; value: BlockUse; indexes: { 'by-use': number } }
  /** Sums over `uses`. Absent where they have to be summed up anew. */
  totals: { key: 'blocks'; value: BlockTotals }
  models: { key: string; value: unknown }
  imports: { key: string; value: unknown }
  opinions: { key: string; value: unknown }
  standing: { key: string; value: unknown }
  charters: { key: string; value: unknown }
  /** Pages of logs, by the slot of whose view it is, room, key and number. */
  logs: { key: string; value: Uint8Array }
}

/** Size in bytes and last use of a block: `use` of one that may go, `pinned` of one that may not. */
export type BlockUse =
  | { readonly bytes: number; readonly use: number }
  | { readonly bytes: number; readonly pinned: number }

/** Bytes of all the blocks, those of pinned ones, and the latest use: it counts up with every use of any block. */
export interface BlockTotals {
  readonly bytes: number
  readonly pinned: number
  readonly use: number
}

export type MootConnection = IDBPDatabase<MootSchema>

export interface DatabaseInit {
  /** Default `moot`. */
  readonly name?: string
}

/** This origin's database, opened at its first use and again whenever the browser has closed it. */
export class MootDatabase {
  readonly #name: string
  #connection: Promise<MootConnection> | undefined

  constructor({ name = 'moot' }: DatabaseInit = {}) {
    this.#name = name
  }

  /** Rejects with `STORAGE_UNAVAILABLE`: private windows, blocked storage, or a newer version of the app in another tab. */
  connect(): Promise<MootConnection> {
    if (this.#connection) return this.#connection
    const opening = this.#open()
    this.#connection = opening
    opening.catch(() => this.#forget())
    return opening
  }

  /** Work under way ends first; a later use opens the database anew. */
  async close(): Promise<void> {
    const connection = this.#connection
    this.#forget()
    await connection?.then(
      (database) => database.close(),
      () => {},
    )
  }

  async #open(): Promise<MootConnection> {
    try {
      const opening = openDB<MootSchema>(this.#name, VERSION, {
        upgrade,
        // A tab with a newer version waits for this one to let go.
        blocking: () => void this.close(),
        terminated: () => this.#forget(),
      })
      return await within(OPEN_LIMIT_MS, opening)
    } catch (error) {
      throw storageFault(error)
    }
  }

  #forget(): void {
    this.#connection = undefined
  }
}

type Upgrade = IDBPTransaction<MootSchema, StoreNames<MootSchema>[], 'versionchange'>

function upgrade(database: MootConnection, from: number, _to: number | null, tx: Upgrade): void {
  if (from < 1) {
    database.createObjectStore('identities')
    database.createObjectStore('settings')
    database.createObjectStore('blocks')
    database.createObjectStore('uses').createIndex('by-use', 'use')
    database.createObjectStore('totals')
  }
  if (from < 2) {
    for (const name of ['models', 'imports', 'opinions'] as const) database.createObjectStore(name)
    // Version 1 summed up no pins: where there is no sum, it is made anew.
    tx.objectStore('totals')
      .clear()
      .catch(() => {})
  }
  if (from < 3) database.createObjectStore('standing')
  if (from < 4) for (const name of ['logs', 'charters'] as const) database.createObjectStore(name)
}

/** What the database threw, as a fault. `bytes` is what was to be stored. */
export function storageFault(error: unknown, bytes = 0): MootError {
  if (error instanceof MootError) return error
  if (!(error instanceof DOMException)) return fault({ code: 'STORAGE_UNAVAILABLE', why: String(error) })
  switch (error.name) {
    case 'QuotaExceededError':
      return fault({ code: 'STORAGE_FULL', bytes })
    case 'VersionError':
      return fault({
        code: 'STORAGE_UNAVAILABLE',
        why: 'another tab runs a newer version of this page; reload this one',
      })
    default:
      return fault({ code: 'STORAGE_UNAVAILABLE', why: error.message || error.name })
  }
}

/** Closes the database where it opens too late. */
async function within(ms: number, opening: Promise<MootConnection>): Promise<MootConnection> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    opening.then((database) => database.close()).catch(() => {})
    reject(fault({ code: 'STORAGE_UNAVAILABLE', why: 'it does not answer' }))
  }, ms)
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}
