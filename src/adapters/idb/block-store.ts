import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import { release } from '../../domain/release.ts'
import type { BlockStore } from '../../ports/block-store.ts'
import { BLOCK_STORES, BlockLedger, heard, totalsOf, type BlockChange } from './block-ledger.ts'
import { storageFault, type MootConnection, type MootDatabase } from './database.ts'

/** Blocks written in one transaction: with three under way 1.7 times as fast as one by one. */
const MAX_TOGETHER = 8

/** Milliseconds that a use may wait to be counted with others. A crash that takes it makes a block seem older than it is. */
const COUNT_AFTER_MS = 1_000

/** What a read fails with when it will fail for ever: of a value (https://w3c.github.io/IndexedDB/#exceptions), of a blob. */
const LOST = ['NotReadableError', 'NotFoundError']

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
  const store = new IdbBlockStore(database)
  // An earlier visit may have kept more.
  await store.limit(maxBytes)
  return store
}

/** A block that waits to be written. */
interface Waiting {
  readonly key: string
  readonly bytes: Uint8Array
  readonly pinned: boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

class IdbBlockStore implements BlockStore {
  readonly #database: MootDatabase
  #maxBytes = 0
  readonly #waiting: Waiting[] = []
  #writing = false
  /** Blocks whose use is not counted yet, in order of their last use. */
  readonly #used = new Set<string>()
  #counting: ReturnType<typeof setTimeout> | undefined

  constructor(database: MootDatabase) {
    this.#database = database
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const key = hex(digest)
    const found = await this.#read((connection) => contentOf(connection.get('blocks', key)))
    if (found === 'nothing') return undefined
    if (found === 'gone') {
      await this.delete([digest])
      return undefined
    }
    this.#countUse(key)
    hastenCollector(found)
    return found
  }

  async missing(digests: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return this.#read(async (connection) => {
      const { store } = connection.transaction('blocks')
      const keys = await Promise.all(digests.map((digest) => store.getKey(hex(digest))))
      return digests.filter((_, i) => keys[i] === undefined)
    })
  }

  put(digest: Uint8Array, bytes: Uint8Array, { pinned = false } = {}): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ key: hex(digest), bytes, pinned, resolve, reject })
    void this.#writeWaiting()
    return promise
  }

  async pin(digests: readonly Uint8Array[], pinned: boolean): Promise<void> {
    const keys = digests.map(hex)
    await this.#write(keys, (ledger) => {
      for (const key of keys) ledger.pin(key, pinned)
    })
  }

  async delete(digests: readonly Uint8Array[]): Promise<void> {
    const keys = digests.map(hex)
    await this.#write(keys, (ledger, tx) => {
      for (const key of keys) {
        ledger.remove(key)
        heard(tx.objectStore('blocks').delete(key))
      }
    })
  }

  async usage(): Promise<{ bytes: number; pinned: number }> {
    return this.#read(async (connection) => {
      const tx = connection.transaction(['totals', 'uses'])
      const totals = await tx.objectStore('totals').get('blocks')
      const { bytes, pinned } = totals ?? totalsOf(await tx.objectStore('uses').getAll())
      return { bytes, pinned }
    })
  }

  async limit(maxBytes: number): Promise<void> {
    this.#maxBytes = maxBytes
    await this.#write([], (ledger, tx) => this.#evict(ledger, tx))
  }

  /** Writes what waits, and what comes meanwhile, in as few transactions as it can. */
  async #writeWaiting(): Promise<void> {
    if (this.#writing) return
    this.#writing = true
    while (this.#waiting.length > 0) await this.#writeTogether(this.#waiting.splice(0, MAX_TOGETHER))
    this.#writing = false
  }

  /** Settles each of the puts. */
  async #writeTogether(puts: readonly Waiting[]): Promise<void> {
    try {
      const refused = await this.#write(
        puts.map(({ key }) => key),
        (ledger, tx) => this.#keep(puts, ledger, tx),
        puts.reduce((sum, { bytes }) => sum + bytes.length, 0),
      )
      for (const put of puts) {
        if (refused.has(put)) put.reject(fault({ code: 'STORAGE_FULL', bytes: put.bytes.length }))
        else put.resolve()
      }
    } catch (error) {
      // One that finds no room on the device leaves the others theirs.
      if (puts.length > 1) for (const put of puts) await this.#writeTogether([put])
      else for (const put of puts) put.reject(error)
    }
  }

  /** Returns those that find no room. */
  async #keep(puts: readonly Waiting[], ledger: BlockLedger, tx: BlockChange): Promise<ReadonlySet<Waiting>> {
    const refused = new Set<Waiting>()
    for (const put of puts) {
      const { key, bytes, pinned } = put
      if (ledger.hasRoom(key, bytes.length, this.#maxBytes)) {
        ledger.keep(key, bytes.length, pinned)
        storeBytes(tx, key, bytes)
      } else refused.add(put)
    }
    await this.#evict(ledger, tx)
    return refused
  }

  async #evict(ledger: BlockLedger, tx: BlockChange): Promise<void> {
    for (const key of await ledger.evict(this.#maxBytes)) heard(tx.objectStore('blocks').delete(key))
  }

  #countUse(key: string): void {
    this.#used.delete(key)
    this.#used.add(key)
    // Not waited for: whatever this tab writes first counts it as well.
    this.#counting ??= setTimeout(() => void this.#write([], () => {}).catch(() => {}), COUNT_AFTER_MS)
  }

  async #read<T>(body: (connection: MootConnection) => Promise<T>): Promise<T> {
    try {
      return await body(await this.#database.connect())
    } catch (error) {
      throw storageFault(error)
    }
  }

  /**
   * Counts the uses so far, then changes blocks and the ledger, which knows those of the keys: together or not at all.
   * `bytes` are what is to be stored.
   */
  async #write<T>(
    keys: readonly string[],
    body: (ledger: BlockLedger, tx: BlockChange) => T | Promise<T>,
    bytes = 0,
  ): Promise<T> {
    clearTimeout(this.#counting)
    this.#counting = undefined
    const used = [...this.#used]
    this.#used.clear()
    try {
      const connection = await this.#database.connect()
      // A block that a loss of power takes is fetched again, so nobody waits for the disk.
      const tx = connection.transaction(BLOCK_STORES, 'readwrite', { durability: 'relaxed' })
      const change = async (): Promise<T> => {
        const ledger = await BlockLedger.open(tx, [...used, ...keys])
        for (const key of used) ledger.use(key)
        const result = await body(ledger, tx)
        ledger.close()
        return result
      }
      const [changed, done] = await Promise.allSettled([change(), tx.done])
      // A step fails because the transaction did: the transaction knows why.
      if (tx.error) throw tx.error
      if (done.status === 'rejected') throw done.reason
      if (changed.status === 'rejected') throw changed.reason
      return changed.value
    } catch (error) {
      // Uses are not worth failing for.
      if (used.length > 0) return this.#write(keys, body, bytes)
      throw storageFault(error, bytes)
    }
  }
}

/** The database stores all of the buffer that bytes are in, so they go there in one of their own, whose memory comes back at once. */
function storeBytes(tx: BlockChange, key: string, bytes: Uint8Array): void {
  const own = bytes.slice()
  heard(tx.objectStore('blocks').put(own, key))
  release(own)
}

/** How many times its size a block that was read counts with the collector. */
const WEIGHT = 4

/**
 * Chromium makes each value it reads in a buffer that nothing but its collector gives back, which comes once a page has made
 * some 64 MB of buffers: a tab that serves blocks would grow by more than that. A buffer that nobody touches takes no memory,
 * and counts all the same.
 */
const hastenCollector = ({ length }: Uint8Array): void => void new ArrayBuffer(length * (WEIGHT - 1))

/** `gone` where there is no block behind the key: the file with its bytes was removed, or it never was one. */
async function contentOf(block: Promise<unknown>): Promise<Uint8Array | 'nothing' | 'gone'> {
  try {
    const value = await block
    if (value === undefined) return 'nothing'
    if (value instanceof Uint8Array) return value
    // Version 1 kept blobs.
    return value instanceof Blob ? new Uint8Array(await value.arrayBuffer()) : 'gone'
  } catch (error) {
    if (error instanceof DOMException && LOST.includes(error.name)) return 'gone'
    throw error
  }
}
