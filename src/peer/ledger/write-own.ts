import { nextEntry, unseenHeads } from '../../domain/ledger/append.ts'
import {
  encodeEntry,
  MAX_SEEN,
  readEntry,
  type BodyOf,
  type EntryType,
  type ReadEntry,
} from '../../domain/ledger/entry.ts'
import type { Ledger, Taken } from '../../domain/ledger/ledger.ts'
import { fault } from '../../domain/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Signer } from '../../ports/signer.ts'
import { signBody } from '../sign-message.ts'
import type { LogWriter } from './write-logs.ts'

/** Milliseconds between two checkpoints that are written by themselves. */
const CHECKPOINT_EVERY = 60_000

/** Entries that others count, draw or rule from: what their author held is worth saying before them. */
const RELIED_ON: ReadonlySet<EntryType> = new Set<EntryType>([
  'VOUCH',
  'CONSENT',
  'PROPOSE',
  'SPONSOR',
  'FORK',
  'CONTEST',
  'OPEN_LINK',
  'SUMMON',
  'VOTE_COMMIT',
  'VOTE_REVEAL',
  'RULING',
  'APPEAL',
  'REFUTE',
])

/** An entry that has to come before others. */
export interface Owed {
  readonly type: EntryType
  readonly body: BodyOf<EntryType>
  readonly charter: Uint8Array
}

export interface AppendOptions {
  /** Whether all that is held must lie before the entry: a CHECKPOINT comes first where it cannot name all. Default false. */
  readonly reach?: boolean
}

export interface OwnLogComponents {
  readonly ledger: Ledger
  readonly signer: Signer
  readonly clock: Clock
  readonly writer: LogWriter
  readonly build: string
  /** Until then nothing is signed. Rejects where nothing may be. */
  readonly ready: () => Promise<void>
  readonly owed: () => Promise<readonly Owed[]>
  /** An entry is on disk and held. */
  readonly onWritten: (taken: Extract<Taken, { kind: 'added' }>) => void
}

/** What this peer writes: one entry at a time, each on disk before anybody hears of it. */
export class OwnLog {
  readonly #components: OwnLogComponents
  #appending: Promise<unknown> = Promise.resolve()
  #isWriting = false
  #checkpointed = Number.NEGATIVE_INFINITY
  #charter: Uint8Array | undefined
  /** Its key signs elsewhere from now on. */
  #isMoved = false

  constructor(components: OwnLogComponents) {
    this.#components = components
  }

  /** Whether an entry is on its way to disk: nothing else may take its place. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  /** Resolves once nothing is being written. */
  async idle(): Promise<void> {
    await this.#appending
  }

  append<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    charter: Uint8Array,
    { reach = false }: AppendOptions = {},
  ): Promise<ReadEntry<T>> {
    return this.#inTurn(async () => {
      if (this.#components.ledger.lengthOf(this.#components.signer.peer) === 0 && type !== 'KEY')
        await this.#begins(charter)
      if (RELIED_ON.has(type)) await this.#checkpointIfDue(charter, reach)
      await this.#writeOwed()
      return this.#write(type, body, charter)
    })
  }

  /** Writes what this peer owes, without waiting for something else to write. */
  payOwed(): Promise<void> {
    return this.#inTurn(() => this.#writeOwed())
  }

  /** Says in the own log what is held now, where more was seen than an entry can name. Under the charter of the last entry where none is named. */
  checkpoint(charter?: Uint8Array): Promise<ReadEntry<'CHECKPOINT'>> {
    return this.#inTurn(async () => {
      const under = charter ?? this.charter
      if (under === undefined)
        throw fault({ code: 'OUT_OF_ORDER', what: 'checkpoint', during: 'a log that has not begun' })
      if (this.#components.ledger.lengthOf(this.#components.signer.peer) === 0) await this.#begins(under)
      return this.#checkpoint(under)
    })
  }

  /** Resolves once nothing more will be written: what is asked for later rejects with `KEY_MOVED`. */
  async end(): Promise<void> {
    if (!this.#isMoved) await this.#inTurn(async () => (this.#isMoved = true))
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#appending.then(async () => {
      await this.#components.ready()
      if (this.#isMoved) throw fault({ code: 'KEY_MOVED' })
      return task()
    })
    this.#appending = result.catch(() => {})
    return result
  }

  async #begins(charter: Uint8Array): Promise<void> {
    await this.#write('KEY', { build: this.#components.build }, charter)
  }

  /** Nothing is awaited between the last look at what is owed and the choice of what the next entry has seen. */
  async #writeOwed(): Promise<void> {
    for (let owed = await this.#components.owed(); owed.length > 0; owed = await this.#components.owed())
      for (const { type, body, charter } of owed) await this.#write(type, body, charter)
  }

  async #checkpointIfDue(charter: Uint8Array, mustReach: boolean): Promise<void> {
    const { clock, signer } = this.#components
    if (!mustReach && clock.now() - this.#checkpointed < CHECKPOINT_EVERY) return
    if (unseenHeads(this.#components.ledger, signer.peer, MAX_SEEN + 1).length <= MAX_SEEN) return
    await this.#writeOwed()
    await this.#checkpoint(charter)
  }

  #checkpoint(charter: Uint8Array): Promise<ReadEntry<'CHECKPOINT'>> {
    const { clock, signer } = this.#components
    this.#checkpointed = clock.now()
    const heads = unseenHeads(this.#components.ledger, signer.peer).map(({ id }) => id)
    return this.#write(
      'CHECKPOINT',
      { heads, entries: this.#components.ledger.size, root: this.#components.ledger.root() },
      charter,
    )
  }

  async #write<T extends EntryType>(type: T, body: BodyOf<T>, charter: Uint8Array): Promise<ReadEntry<T>> {
    const { ledger, writer, onWritten } = this.#components
    const read = await this.#sign(type, body, charter)
    this.#isWriting = true
    try {
      await writer.addNow(read)
      const taken = ledger.take(read)
      if (taken.kind === 'refused') throw fault(taken.fault)
      if (taken.kind !== 'added') throw this.#forked() ?? fault({ code: 'LOG_FORKED', at: read.entry.seq })
      this.#charter = charter
      onWritten(taken)
    } finally {
      this.#isWriting = false
    }
    return read
  }

  /** Signs what comes next. While it was signed others may have brought what this peer wrote before, and it comes after that. */
  async #sign<T extends EntryType>(type: T, body: BodyOf<T>, charter: Uint8Array): Promise<ReadEntry<T>> {
    const { signer } = this.#components
    for (;;) {
      const forked = this.#forked()
      if (forked) throw forked
      const last = this.#components.ledger.head(signer.peer)?.name
      const entry = nextEntry(this.#components.ledger, signer.peer, { charter, type, body })
      const read = readEntry(await signBody(signer, encodeEntry(entry as never)))
      if (this.#components.ledger.head(signer.peer)?.name === last && !this.#forked())
        return read as unknown as ReadEntry<T>
    }
  }

  /** Of the last entry. */
  get charter(): Uint8Array | undefined {
    return this.#charter ?? this.#components.ledger.head(this.#components.signer.peer)?.entry.charter
  }

  #forked(): Error | undefined {
    const fork = this.#components.ledger.forkOf(this.#components.signer.peer)
    return fork && fault({ code: 'LOG_FORKED', at: fork.seq })
  }
}
