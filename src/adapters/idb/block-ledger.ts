import type { IDBPTransaction } from 'idb'
import type { BlockTotals, BlockUse, MootSchema } from './database.ts'

/** What changes together. */
export const BLOCK_STORES = ['blocks', 'uses', 'totals'] as const

export type BlockChange = IDBPTransaction<MootSchema, typeof BLOCK_STORES, 'readwrite'>

/**
 * The sizes, uses and pins of blocks, with their sums, as one transaction sees and changes them. It knows the blocks that it
 * was opened for. Changes are requests of the transaction: what fails among them makes it fail.
 */
export class BlockLedger {
  readonly #tx: BlockChange
  readonly #known: Map<string, BlockUse>
  #totals: BlockTotals
  #stored = false
  #removed = false

  private constructor(tx: BlockChange, known: Map<string, BlockUse>, totals: BlockTotals) {
    this.#tx = tx
    this.#known = known
    this.#totals = totals
  }

  static async open(tx: BlockChange, keys: Iterable<string>): Promise<BlockLedger> {
    const uses = tx.objectStore('uses')
    const [totals, ...found] = await Promise.all([
      tx.objectStore('totals').get('blocks'),
      ...[...new Set(keys)].map(async (key) => [key, await uses.get(key)] as const),
    ])
    const known = found.flatMap(([key, use]) => (use ? [[key, use] as const] : []))
    return new BlockLedger(tx, new Map(known), totals ?? totalsOf(await uses.getAll()))
  }

  /** Whether so many bytes find room when all that may go has gone. */
  hasRoom(key: string, bytes: number, maxBytes: number): boolean {
    return this.#totals.pinned - pinnedBytes(this.#known.get(key)) + bytes <= maxBytes
  }

  /** A block that is kept already stays pinned where it was. */
  keep(key: string, bytes: number, pinned: boolean): void {
    const use = this.#totals.use + 1
    const before = this.#known.get(key)
    this.#store(key, pinned || isPinned(before) ? { bytes, pinned: use } : { bytes, use })
  }

  use(key: string): void {
    const before = this.#known.get(key)
    if (before) this.keep(key, before.bytes, false)
  }

  pin(key: string, pinned: boolean): void {
    const before = this.#known.get(key)
    if (!before || isPinned(before) === pinned) return
    const { bytes } = before
    const use = lastUse(before)
    this.#store(key, pinned ? { bytes, pinned: use } : { bytes, use })
  }

  remove(key: string): void {
    this.#count(this.#known.get(key), undefined)
    this.#known.delete(key)
    this.#removed = true
    heard(this.#tx.objectStore('uses').delete(key))
  }

  /** Removes those that may go, the least recently used first, until no more than `maxBytes` are left. Returns their keys. */
  async evict(maxBytes: number): Promise<readonly string[]> {
    const evicted: string[] = []
    const byUse = this.#tx.objectStore('uses').index('by-use')
    let oldest = this.#totals.bytes > maxBytes ? await byUse.openCursor() : null
    while (oldest && this.#totals.bytes > maxBytes) {
      this.#known.set(oldest.primaryKey, oldest.value)
      this.remove(oldest.primaryKey)
      evicted.push(oldest.primaryKey)
      oldest = await oldest.continue()
    }
    return evicted
  }

  /**
   * The last that is done with it. Where blocks were only removed the sums are removed too, and summed up anew when they are
   * needed: a browser that gives less room than is used already stores nothing more, not even a smaller sum.
   */
  close(): void {
    const totals = this.#tx.objectStore('totals')
    if (this.#stored) heard(totals.put(this.#totals, 'blocks'))
    else if (this.#removed) heard(totals.delete('blocks'))
  }

  #store(key: string, after: BlockUse): void {
    this.#count(this.#known.get(key), after)
    this.#known.set(key, after)
    this.#stored = true
    heard(this.#tx.objectStore('uses').put(after, key))
  }

  #count(before: BlockUse | undefined, after: BlockUse | undefined): void {
    this.#totals = {
      bytes: this.#totals.bytes - (before?.bytes ?? 0) + (after?.bytes ?? 0),
      pinned: this.#totals.pinned - pinnedBytes(before) + pinnedBytes(after),
      use: Math.max(this.#totals.use, after ? lastUse(after) : 0),
    }
  }
}

export const totalsOf = (uses: readonly BlockUse[]): BlockTotals => ({
  bytes: uses.reduce((sum, { bytes }) => sum + bytes, 0),
  pinned: uses.reduce((sum, use) => sum + pinnedBytes(use), 0),
  use: uses.reduce((latest, use) => Math.max(latest, lastUse(use)), 0),
})

const isPinned = (use: BlockUse | undefined): boolean => use !== undefined && 'pinned' in use

const pinnedBytes = (use: BlockUse | undefined): number => (use && 'pinned' in use ? use.bytes : 0)

const lastUse = (use: BlockUse): number => ('pinned' in use ? use.pinned : use.use)

/** Its transaction says what became of it. */
export const heard = (request: Promise<unknown>): void => void request.catch(() => {})
