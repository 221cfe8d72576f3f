import type { IDBPTransaction } from 'idb'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import type { BlockStore } from '../../ports/block-store.ts'
import { storageFault, type MootDatabase, type MootSchema } from './database.ts'

const STORES = ['blocks', 'uses', 'totals'] as const

type Stores = typeof STORES
type Writing = IDBPTransaction<MootSchema, Stores, 'readwrite'>
type Totals = MootSchema['totals']['value']

export interface IdbBlockStoreInit {
  readonly database: MootDatabase
  /** Bytes kept at most; the least recently used go first. */
  readonly maxBytes: number
}

/**
 * Blocks in this browser, kept across reloads and shared by its tabs, of which any may write at any time: what is kept
 * and the count of it change in one transaction. Rejects with `STORAGE_UNAVAILABLE` where the browser stores nothing.
 */
export async function openIdbBlockStore({ database, maxBytes }: IdbBlockStoreInit): Promise<BlockStore> {
  const store = new IdbBlockStore(database, maxBytes)
  await store.makeRoom()
  return store
}

class IdbBlockStore implements BlockStore {
  readonly #database: MootDatabase
  readonly #maxBytes: number

  constructor(database: MootDatabase, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const key = hex(digest)
    const blob: unknown = await this.#read((connection) => connection.get('blocks', key))
    if (!(blob instanceof Blob)) return undefined
    // Not waited for: what comes later in this tab sees it, and a use that is not counted only makes the block seem older.
    this.#write(0, (tx, totals) => touch(tx, totals, key)).catch(() => {})
    return blob.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      // The file behind it is gone: as good as not kept.
      () => undefined,
    )
  }

  async has(digest: Uint8Array): Promise<boolean> {
    return this.#read(async (connection) => (await connection.getKey('blocks', hex(digest))) !== undefined)
  }

  async put(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#maxBytes) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
    const key = hex(digest)
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
    await this.#write(bytes.length, async (tx, totals) => {
      const before = await tx.objectStore('uses').get(key)
      const use = totals.use + 1
      const [, , kept] = await Promise.all([
        tx.objectStore('blocks').put(blob, key),
        tx.objectStore('uses').put({ bytes: bytes.length, use }, key),
        evict(tx, totals.bytes - (before?.bytes ?? 0) + bytes.length, this.#maxBytes),
      ])
      return { bytes: kept, use }
    })
  }

  async delete(digest: Uint8Array): Promise<void> {
    const key = hex(digest)
    await this.#write(0, async (tx, totals) => {
      const kept = await tx.objectStore('uses').get(key)
      await Promise.all([tx.objectStore('blocks').delete(key), tx.objectStore('uses').delete(key)])
      return { ...totals, bytes: totals.bytes - (kept?.bytes ?? 0) }
    })
  }

  async size(): Promise<number> {
    return this.#read(async (connection) => (await connection.get('totals', 'blocks'))?.bytes ?? 0)
  }

  /** Evicts down to the limit, which an earlier visit may have set higher. */
  makeRoom(): Promise<void> {
    return this.#write(0, async (tx, totals) => ({ ...totals, bytes: await evict(tx, totals.bytes, this.#maxBytes) }))
  }

  async #read<T>(body: (connection: Awaited<ReturnType<MootDatabase['connect']>>) => Promise<T>): Promise<T> {
    try {
      return await body(await this.#database.connect())
    } catch (error) {
      throw storageFault(error)
    }
  }

  /** Changes blocks, and the totals to what `body` returns, together or not at all. */
  async #write(bytes: number, body: (tx: Writing, totals: Totals) => Promise<Totals>): Promise<void> {
    try {
      // A block that a crash takes is fetched again, so nobody waits for the disk.
      const tx = (await this.#database.connect()).transaction(STORES, 'readwrite', { durability: 'relaxed' })
      const steps = await Promise.allSettled([change(tx, body), tx.done])
      // A step fails because the transaction did: the transaction knows why.
      if (tx.error) throw tx.error
      for (const step of steps) if (step.status === 'rejected') throw step.reason
    } catch (error) {
      throw storageFault(error, bytes)
    }
  }
}

async function change(tx: Writing, body: (tx: Writing, totals: Totals) => Promise<Totals>): Promise<void> {
  const totals = (await tx.objectStore('totals').get('blocks')) ?? { bytes: 0, use: 0 }
  await tx.objectStore('totals').put(await body(tx, totals), 'blocks')
}

async function touch(tx: Writing, totals: Totals, key: string): Promise<Totals> {
  const kept = await tx.objectStore('uses').get(key)
  if (!kept) return totals
  const use = totals.use + 1
  await tx.objectStore('uses').put({ ...kept, use }, key)
  return { ...totals, use }
}

/** Deletes blocks, the least recently used first, until `bytes` are `maxBytes` at most. Returns the bytes left. */
async function evict(tx: Writing, bytes: number, maxBytes: number): Promise<number> {
  let left = bytes
  let oldest = left > maxBytes ? await tx.objectStore('uses').index('by-use').openCursor() : null
  while (oldest && left > maxBytes) {
    left -= oldest.value.bytes
    await Promise.all([tx.objectStore('blocks').delete(oldest.primaryKey), oldest.delete()])
    oldest = await oldest.continue()
  }
  return left
}
