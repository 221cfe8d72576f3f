import type { ReadEntry } from '../../domain/ledger/entry.ts'
import { keyFromPeerId, type PeerId } from '../../domain/peer-id.ts'
import type { Signed } from '../../domain/envelope.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogStore } from '../../ports/log-store.ts'

/** Milliseconds over which what others wrote gathers: who floods the room does not flood the disk. */
const REST = 1_000

/** Entries that are written without a rest, and in one go: some megabyte. */
const TOGETHER = 2_048

type Change =
  | { readonly kind: 'add'; readonly reads: ReadEntry[] }
  | { readonly kind: 'cut'; readonly author: PeerId; readonly seq: number }
  | { readonly kind: 'beside'; readonly entries: readonly Signed[] }

export interface LogWriterComponents {
  readonly store: Pick<LogStore, 'append' | 'cut' | 'beside'>
  readonly clock: Clock
}

/**
 * Brings changes of the ledger to disk, in their order. Where the disk takes no more of a log, that log is known for as long as this
 * tab lives; only an own entry fails for it.
 */
export class LogWriter {
  readonly #components: LogWriterComponents
  #changes: Change[] = []
  #waiting = 0
  #rest: (() => void) | undefined
  #writing: Promise<void> = Promise.resolve()
  /** Logs that are not on disk as far as they are held. */
  readonly #behind = new Map<PeerId, unknown>()

  constructor(components: LogWriterComponents) {
    this.#components = components
  }

  add(read: ReadEntry): void {
    const last = this.#changes.at(-1)
    if (last?.kind === 'add' && last.reads.length < TOGETHER) last.reads.push(read)
    else this.#changes.push({ kind: 'add', reads: [read] })
    this.#waiting++
    if (this.#waiting >= TOGETHER) void this.flush()
    else this.#soon()
  }

  cut(author: PeerId, seq: number): void {
    this.#changes.push({ kind: 'cut', author, seq })
    this.#soon()
  }

  beside(entries: readonly Signed[]): void {
    this.#changes = this.#changes.filter(({ kind }) => kind !== 'beside')
    this.#changes.push({ kind: 'beside', entries })
    this.#soon()
  }

  /** Resolves once all that changed until now is on disk, or will not be. Never rejects. */
  flush(): Promise<void> {
    this.#rest?.()
    this.#rest = undefined
    this.#waiting = 0
    const changes = this.#changes
    this.#changes = []
    const write = async () => {
      for (const change of changes) await this.#write(change)
    }
    this.#writing = this.#writing.then(write)
    return this.#writing
  }

  /** Writes one entry now, behind all that changed before. Rejects with `STORAGE_FULL` or `STORAGE_UNAVAILABLE`, and then it is not on disk. */
  async addNow(read: ReadEntry): Promise<void> {
    this.add(read)
    await this.flush()
    if (!this.#behind.has(read.author)) return
    const error = this.#behind.get(read.author)
    // another try begins where this one did
    this.cut(read.author, read.entry.seq)
    await this.flush()
    throw error
  }

  #soon(): void {
    this.#rest ??= this.#components.clock.after(REST, () => void this.flush())
  }

  async #write(change: Change): Promise<void> {
    const { store } = this.#components
    try {
      if (change.kind === 'cut') {
        await store.cut(keyFromPeerId(change.author), change.seq)
        this.#behind.delete(change.author)
      } else if (change.kind === 'beside') await store.beside(change.entries)
      else {
        const reads = change.reads.filter(({ author }) => !this.#behind.has(author))
        if (reads.length > 0) await store.append(reads.map(({ signed, entry }) => ({ signed, seq: entry.seq })))
      }
    } catch (error) {
      if (change.kind === 'add') for (const { author } of change.reads) this.#behind.set(author, error)
    }
  }
}
