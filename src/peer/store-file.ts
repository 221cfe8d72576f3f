import { fault } from '../domain/fault.ts'
import { equalBytes } from '../domain/hash.ts'
import { BLOCK_SIZE } from '../domain/manifest.ts'
import { release } from '../domain/release.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Inspection, Scan } from '../ports/model-inspector.ts'
import type { ModelSource } from '../ports/model-source.ts'
import { hashBlock } from '../protocols/blocks/index.ts'
import type { ImportJournal } from './keep-journal.ts'

/** Blocks on their way to the store at a time: one is hashed while one is written and one fills. */
const UNDER_WAY = 3

export interface StoreFileInit {
  readonly source: Pick<ModelSource, 'read'>
  readonly path: string
  /** What a person calls it. */
  readonly what: string
  /** Bytes at most. */
  readonly limit: number
  readonly blocks: Pick<BlockStore, 'get' | 'missing' | 'pin' | 'put'>
  readonly journal: Pick<ImportJournal, 'fileAt' | 'noteFile' | 'written'>
  /** Makes what looks at the bytes, from the first on. */
  readonly scan?: () => Scan
  /** How many bytes of the file are here. */
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal
}

export interface StoredFile {
  readonly size: number
  readonly blocks: readonly Uint8Array[]
  readonly inspection?: Inspection
}

/**
 * Reads a file from its source into the store, pinned, block by block; goes on where an earlier attempt stopped, where
 * the source still has the same bytes. Rejects with what the source and the scan reject with, and with `TOO_LARGE`.
 */
export async function storeFile(init: StoreFileInit): Promise<StoredFile> {
  const { journal, path, blocks } = init
  const { version, size, blocks: digests } = journal.fileAt(path)
  const lost = await blocks.missing(digests)
  const firstLost = digests.findIndex((digest) => lost.some((other) => equalBytes(other, digest)))
  let kept = firstLost < 0 ? digests : digests.slice(0, firstLost)
  for (;;) {
    const whole = size !== undefined && kept.length === digests.length
    const attempt = new FileAttempt(init)
    const broken = await attempt.run(kept, whole ? size : kept.length * BLOCK_SIZE, version)
    if (broken === undefined) return attempt.stored()
    kept = kept.slice(0, broken)
  }
}

/** One reading of a file. */
class FileAttempt {
  readonly #init: StoreFileInit
  readonly #scan: Scan | undefined
  #blocks: Uint8Array[] = []
  #size = 0
  #version: string | undefined

  constructor(init: StoreFileInit) {
    this.#init = init
    this.#scan = init.scan?.()
  }

  /** Returns the index of a block that was kept and does not hold any more, where there is one. */
  async run(kept: readonly Uint8Array[], from: number, version: string | undefined): Promise<number | undefined> {
    const { source, path, signal, journal } = this.#init
    const stop = new AbortController()
    try {
      const reading = await source.read(path, {
        ...(version === undefined ? {} : { from, version }),
        signal: AbortSignal.any([signal, stop.signal]),
      })
      this.#version = reading.version
      this.#checkSize(reading.size ?? 0)
      if (reading.from > 0) {
        const broken = await this.#replay(kept)
        if (broken !== undefined) return broken
        this.#size = from
      }
      this.#note()
      await this.#store(reading.chunks)
      return undefined
    } finally {
      stop.abort()
      await journal.written()
    }
  }

  stored(): StoredFile {
    const inspection = this.#scan?.finish()
    return { size: this.#size, blocks: this.#blocks, ...(inspection ? { inspection } : {}) }
  }

  /** Shows the scan what is stored already. */
  async #replay(kept: readonly Uint8Array[]): Promise<number | undefined> {
    const { blocks, signal } = this.#init
    for (const [i, digest] of this.#scan ? kept.entries() : []) {
      signal.throwIfAborted()
      const block = await blocks.get(digest)
      if (block === undefined || !equalBytes(await hashBlock(block), digest)) return i
      this.#scan?.push(block)
    }
    this.#blocks = [...kept]
    return undefined
  }

  async #store(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { signal, onBytes } = this.#init
    const underWay: Promise<void>[] = []
    let tail = Promise.resolve()
    let read = this.#size
    onBytes(read)
    const count = (bytes: number) => {
      read += bytes
      this.#checkSize(read)
      onBytes(read)
    }
    try {
      for await (const block of blocksOf(chunks, count)) {
        signal.throwIfAborted()
        this.#scan?.push(block)
        tail = this.#keep(block, tail)
        // What follows it fails as well, and whoever waits for one of them hears of it.
        tail.catch(() => {})
        underWay.push(tail)
        if (underWay.length >= UNDER_WAY) await underWay.shift()
      }
    } finally {
      // However reading ended, what came whole is kept.
      await Promise.allSettled([tail])
    }
    await tail
    this.#note(this.#size)
  }

  /** Stores a block once those before it are, so that what is kept has no gap. */
  async #keep(block: Uint8Array<ArrayBuffer>, before: Promise<void>): Promise<void> {
    const { blocks } = this.#init
    const [digest] = await Promise.all([hashBlock(block), before])
    if ((await blocks.missing([digest])).length > 0) {
      // Said before it is so: whoever drops the import after a crash finds it.
      this.#note(undefined, digest)
      await blocks.put(digest, block, { pinned: true })
    }
    // It was another model's, and could go before this one is signed.
    else await blocks.pin([digest], true)
    const { length } = block
    release(block)
    this.#blocks.push(digest)
    this.#size += length
    // A shorter block ends the file.
    this.#note(length < BLOCK_SIZE ? this.#size : undefined)
  }

  #note(size?: number, own?: Uint8Array): void {
    const file = {
      path: this.#init.path,
      blocks: [...this.#blocks],
      ...(size === undefined ? {} : { size }),
      ...(this.#version === undefined ? {} : { version: this.#version }),
    }
    this.#init.journal.noteFile(file, own)
  }

  #checkSize(bytes: number): void {
    const { what, limit } = this.#init
    if (bytes > limit) throw fault({ code: 'TOO_LARGE', what, bytes, limit })
  }
}

/** Cuts a stream into blocks, the last one shorter. */
async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let block = new Uint8Array(BLOCK_SIZE)
  let filled = 0
  for await (const chunk of chunks) {
    count(chunk.length)
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + BLOCK_SIZE - filled)
      block.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < BLOCK_SIZE) continue
      yield block
      block = new Uint8Array(BLOCK_SIZE)
      filled = 0
    }
  }
  if (filled > 0) yield block.slice(0, filled)
}
