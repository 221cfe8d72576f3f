import type { BlockStore } from '../../ports/block-store.ts'
import { fault } from '../../domain/fault.ts'

export interface MemoryBlockStoreInit {
  /** Bytes kept at most; the least recently used go first. Default 256 MiB: a tab's share of a phone's memory. */
  readonly capacity?: number
}

/** Blocks in memory, until the tab closes. Refuses a block larger than the whole store with `STORAGE_FULL`. */
export class MemoryBlockStore implements BlockStore {
  /** In order of last use: a map iterates in order of insertion. */
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #capacity: number
  #bytes = 0

  constructor({ capacity = 256 << 20 }: MemoryBlockStoreInit = {}) {
    this.#capacity = capacity
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const key = keyOf(digest)
    const bytes = this.#blocks.get(key)
    if (!bytes) return undefined
    this.#blocks.delete(key)
    this.#blocks.set(key, bytes)
    return bytes
  }

  async has(digest: Uint8Array): Promise<boolean> {
    return this.#blocks.has(keyOf(digest))
  }

  async put(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#capacity) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
    const key = keyOf(digest)
    this.#remove(key)
    this.#blocks.set(key, bytes)
    this.#bytes += bytes.length
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#capacity) break
      this.#remove(oldest)
    }
  }

  async delete(digest: Uint8Array): Promise<void> {
    this.#remove(keyOf(digest))
  }

  async size(): Promise<number> {
    return this.#bytes
  }

  #remove(key: string): void {
    this.#bytes -= this.#blocks.get(key)?.length ?? 0
    this.#blocks.delete(key)
  }
}

const keyOf = (digest: Uint8Array): string => String.fromCharCode(...digest)
