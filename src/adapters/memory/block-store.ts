import type { BlockStore } from '../../ports/block-store.ts'
import { fault } from '../../domain/fault.ts'

export interface MemoryBlockStoreInit {
  /** Bytes kept at most; the least recently used go first. Default 256 MiB: a tab's share of a phone's memory. */
  readonly capacity?: number
}

interface Kept {
  readonly bytes: Uint8Array
  readonly pinned: boolean
}

/** Blocks in memory, until the tab closes. */
export class MemoryBlockStore implements BlockStore {
  /** In order of last use: a map iterates in order of insertion. */
  readonly #blocks = new Map<string, Kept>()
  #capacity: number
  #bytes = 0
  #pinned = 0

  constructor({ capacity = 256 << 20 }: MemoryBlockStoreInit = {}) {
    this.#capacity = capacity
  }

  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const key = keyOf(digest)
    const block = this.#blocks.get(key)
    if (!block) return undefined
    this.#blocks.delete(key)
    this.#blocks.set(key, block)
    return block.bytes.slice()
  }

  async missing(digests: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return digests.filter((digest) => !this.#blocks.has(keyOf(digest)))
  }

  async put(digest: Uint8Array, bytes: Uint8Array, { pinned = false } = {}): Promise<void> {
    const key = keyOf(digest)
    const before = this.#blocks.get(key)
    const pinnedOthers = this.#pinned - (before?.pinned ? before.bytes.length : 0)
    if (pinnedOthers + bytes.length > this.#capacity) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
    this.#remove(key)
    this.#add(key, { bytes: bytes.slice(), pinned: pinned || before?.pinned === true })
    this.#evict()
  }

  async pin(digests: readonly Uint8Array[], pinned: boolean): Promise<void> {
    for (const digest of digests) {
      const key = keyOf(digest)
      const block = this.#blocks.get(key)
      if (!block || block.pinned === pinned) continue
      this.#blocks.set(key, { ...block, pinned })
      this.#pinned += pinned ? block.bytes.length : -block.bytes.length
    }
  }

  async delete(digests: readonly Uint8Array[]): Promise<void> {
    for (const digest of digests) this.#remove(keyOf(digest))
  }

  async usage(): Promise<{ bytes: number; pinned: number }> {
    return { bytes: this.#bytes, pinned: this.#pinned }
  }

  async limit(maxBytes: number): Promise<void> {
    this.#capacity = maxBytes
    this.#evict()
  }

  #evict(): void {
    for (const [key, { pinned }] of this.#blocks) {
      if (this.#bytes <= this.#capacity) return
      if (!pinned) this.#remove(key)
    }
  }

  #add(key: string, block: Kept): void {
    this.#blocks.set(key, block)
    this.#bytes += block.bytes.length
    if (block.pinned) this.#pinned += block.bytes.length
  }

  #remove(key: string): void {
    const block = this.#blocks.get(key)
    if (!block) return
    this.#blocks.delete(key)
    this.#bytes -= block.bytes.length
    if (block.pinned) this.#pinned -= block.bytes.length
  }
}

const keyOf = (digest: Uint8Array): string => String.fromCharCode(...digest)
