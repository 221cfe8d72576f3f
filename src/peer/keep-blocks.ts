import { fault, faultOf } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { BlockStore } from '../ports/block-store.ts'

/** Bytes kept in memory where the storage has no room: one model of the largest that a tab runs. */
const MAX_MEMORY = 256 << 20

interface Spilt {
  readonly bytes: Uint8Array
  readonly pinned: boolean
}

/**
 * The blocks of this device: in its storage, and where that is full or cannot be used, in memory for as long as the tab
 * lives. Only what somebody asked to have here is worth memory: an unpinned block that finds no room is refused.
 */
export class KeptBlocks implements BlockStore {
  readonly #store: BlockStore
  /** In order of last use: a map iterates in order of insertion. */
  readonly #memory = new Map<string, Spilt>()
  #bytes = 0

  constructor(store: BlockStore) {
    this.#store = store
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const key = hex(digest)
    const spilt = this.#memory.get(key)
    if (spilt === undefined) return this.#store.get(digest).catch(() => undefined)
    this.#memory.delete(key)
    this.#memory.set(key, spilt)
    return spilt.bytes.slice()
  }

  async missing(digests: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const elsewhere = digests.filter((digest) => !this.#memory.has(hex(digest)))
    return this.#store.missing(elsewhere).catch(() => elsewhere)
  }

  /** Whether any of these are here in memory alone. */
  areInMemory(digests: readonly Uint8Array[]): boolean {
    return digests.some((digest) => this.#memory.has(hex(digest)))
  }

  async put(digest: Uint8Array, bytes: Uint8Array, { pinned = false }: { pinned?: boolean } = {}): Promise<void> {
    try {
      await this.#store.put(digest, bytes, { pinned })
    } catch (error) {
      const { code } = faultOf(error)
      if (!pinned || (code !== 'STORAGE_FULL' && code !== 'STORAGE_UNAVAILABLE')) throw error
      this.#spill(hex(digest), bytes)
    }
  }

  async pin(digests: readonly Uint8Array[], pinned: boolean): Promise<void> {
    for (const key of digests.map(hex)) {
      const spilt = this.#memory.get(key)
      if (spilt) this.#memory.set(key, { ...spilt, pinned })
    }
    await this.#store.pin(digests, pinned).catch(unlessUnavailable)
  }

  async delete(digests: readonly Uint8Array[]): Promise<void> {
    for (const digest of digests) this.#forget(hex(digest))
    await this.#store.delete(digests).catch(unlessUnavailable)
  }

  async usage(): Promise<{ readonly bytes: number; readonly pinned: number }> {
    const kept = await this.#store.usage().catch(() => ({ bytes: 0, pinned: 0 }))
    const pinned = [...this.#memory.values()].reduce((sum, spilt) => sum + (spilt.pinned ? spilt.bytes.length : 0), 0)
    return { bytes: kept.bytes + this.#bytes, pinned: kept.pinned + pinned }
  }

  async limit(maxBytes: number): Promise<void> {
    await this.#store.limit(maxBytes).catch(unlessUnavailable)
  }

  #spill(key: string, bytes: Uint8Array): void {
    this.#forget(key)
    for (const [other, { pinned }] of this.#memory) {
      if (this.#bytes + bytes.length <= MAX_MEMORY) break
      if (!pinned) this.#forget(other)
    }
    if (this.#bytes + bytes.length > MAX_MEMORY) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
    // A copy: the block may be a small part of a large message.
    this.#memory.set(key, { bytes: new Uint8Array(bytes), pinned: true })
    this.#bytes += bytes.length
  }

  #forget(key: string): void {
    this.#bytes -= this.#memory.get(key)?.bytes.length ?? 0
    this.#memory.delete(key)
  }
}

/** Where nothing is stored there is nothing to change. */
function unlessUnavailable(error: unknown): void {
  if (faultOf(error).code !== 'STORAGE_UNAVAILABLE') throw error
}
