import { isEntry, readEntry, type BodyOf, type EntryType, type ReadEntry } from '../../domain/ledger/entry.ts'
import { encodeLedgerFile, type MovedIdentity } from '../../domain/ledger/ledger-file.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { Ledger, type Taken } from '../../domain/ledger/ledger.ts'
import { proofOf, type ForkProof } from '../../domain/ledger/proof.ts'
import { fault, faultOf, type Fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { Net } from '../../ports/net.ts'
import type { Signer, VerifySignature } from '../../ports/signer.ts'
import { ledgerExchange, type LedgerBook, type LedgerExchange, type Summary } from '../../protocols/ledger/index.ts'
import { Gaps } from './bridge-gaps.ts'
import { importLedger } from './import-ledger.ts'
import { loadLogs } from './load-logs.ts'
import { ForkNotices } from './show-forks.ts'
import { LedgerSync } from './sync-ledger.ts'
import { LogWriter } from './write-logs.ts'
import { OwnLog, type AppendOptions, type Owed } from './write-own.ts'

export type { AppendOptions, Owed }

/** Milliseconds that a newcomer waits for somebody to be linked with, before it signs without having asked for its own head. */
const ALONE_AFTER = 1_500

export interface LedgerKeeperComponents {
  /** 16 bytes. */
  readonly room: Uint8Array
  /** As the room is called on the wire. */
  readonly roomTopic: string
  readonly net: Pick<Net, 'self' | 'links' | 'open' | 'handle' | 'publish' | 'subscribe' | 'on'>
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly random: RandomBytes
  readonly store: LogStore
  /** What its KEY says of the app that wrote it. Default `moot`. */
  readonly build?: string
  readonly isTrusted: (peer: PeerId) => boolean
  readonly isBlocked: (peer: PeerId) => boolean
  /** What this peer owes before it writes anything else, now that it has seen what it has: a link of its chain, for a jury. */
  readonly owed?: () => Promise<readonly Owed[]>
  /** Entries that are held now and were not before: none where some only went. */
  readonly onChange: (reads: readonly ReadEntry[]) => void
}

export interface ImportReport {
  readonly added: number
  readonly refused: readonly { readonly author: PeerId; readonly seq: number; readonly fault: Fault }[]
}

/** The ledger of a room as this peer holds it: kept, told, brought up to date, and written. */
export class LedgerKeeper {
  readonly ready: Promise<void>
  readonly #components: LedgerKeeperComponents
  readonly #ledger: Ledger
  readonly #protocol: LedgerExchange
  readonly #sync: LedgerSync
  readonly #writer: LogWriter
  readonly #gaps = new Gaps()
  readonly #notices: ForkNotices
  readonly #isReady = Promise.withResolvers<void>()
  readonly #own: OwnLog
  readonly #stopped = new AbortController()
  /** What is kept could not be read: what this peer has signed is unknown, and it signs nothing. */
  #unread: Error | undefined

  constructor(components: LedgerKeeperComponents) {
    this.#components = components
    const { room, roomTopic, net, verify, clock, random, store, isTrusted, isBlocked } = components
    this.ready = this.#isReady.promise
    this.ready.catch(() => {})
    this.#ledger = new Ledger(room, { isKept: (author) => author === net.self || isTrusted(author) })
    const book: LedgerBook = {
      ledger: this.#ledger,
      take: (reads, from) => this.#take(reads, from),
      takeProof: (proof) => this.#takeProof(proof),
      heard: (peer, summary) => this.#heard(peer, summary),
      isBlocked,
    }
    this.#protocol = ledgerExchange({ room: roomTopic })({ net, verify, clock, book })
    this.#sync = new LedgerSync({
      net,
      protocol: this.#protocol,
      ledger: this.#ledger,
      clock,
      random,
      isTrusted,
      isBlocked,
      gaps: this.#gaps,
    })
    this.#writer = new LogWriter({ store, clock })
    this.#own = new OwnLog({
      ledger: this.#ledger,
      signer: components.signer,
      clock,
      writer: this.#writer,
      build: components.build ?? 'moot',
      ready: () => this.#maySign(),
      owed: async () => (await components.owed?.()) ?? [],
      onWritten: (taken) => this.#written(taken),
    })
    this.#notices = new ForkNotices({
      clock,
      random,
      publish: (proof) => this.#protocol.publish([], [proof]),
      // without a log of its own a peer says so by gossip alone
      write: async ({ first, second }) => {
        const charter = this.#own.charter
        if (charter) await this.append('FORKED_LOG', { first: first.signed, second: second.signed }, charter)
      },
    })
  }

  get ledger(): LedgerView {
    return this.#ledger
  }

  /**
   * Listens, reads what is kept, asks whom it links with. Before `net.start`. Returns the way to stop: what is still on its way in is
   * dropped from then on, and what waited for `ready` rejects with `CANCELLED`.
   */
  start(): () => Promise<void> {
    const stops = [this.#protocol.start(), this.#notices.stop]
    const { signal } = this.#stopped
    void this.#begin(stops, signal)
    return async () => {
      this.#stopped.abort(fault({ code: 'CANCELLED' }))
      this.#isReady.reject(signal.reason)
      for (const stop of stops) stop()
      await this.#own.idle()
      await this.#writer.flush()
    }
  }

  /**
   * Adds an entry to the own log: on disk before anybody hears of it. Rejects with `LOG_FORKED`, `KEY_MOVED`, `STORAGE_FULL`,
   * `STORAGE_UNAVAILABLE`, and with `MALFORMED` for what nobody would read.
   */
  append<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    charter: Uint8Array,
    options: AppendOptions = {},
  ): Promise<ReadEntry<T>> {
    return this.#own.append(type, body, charter, options)
  }

  /** Writes what this peer owes, without waiting for something else to write. */
  payOwed(): Promise<void> {
    return this.#own.payOwed()
  }

  /** Says in the own log what is held now, where more was seen than an entry can name. Under the charter of the last entry where none is named. */
  checkpoint(charter?: Uint8Array): Promise<ReadEntry<'CHECKPOINT'>> {
    return this.#own.checkpoint(charter)
  }

  /** Brings what lies before an entry, from a peer that named it. Rejects with `UNREACHABLE`, and with the fault of what was sent. */
  want(head: Uint8Array, from: PeerId): Promise<void> {
    return this.#sync.bring(head, from)
  }

  /** Resolves once nothing more will be written to the own log: what is asked for later rejects with `KEY_MOVED`. */
  end(): Promise<void> {
    return this.#own.end()
  }

  /** All that is held, as one file. With an identity it moves a key, once `end` has resolved: whoever has that file is this peer. */
  async export(identity?: MovedIdentity): Promise<Uint8Array> {
    const ledger = this.#ledger
    const entries = ledger.authors().flatMap((author) => ledger.log(author).map(({ signed }) => signed))
    return encodeLedgerFile({
      room: ledger.room,
      entries: [...entries, ...ledger.beside()],
      ...(identity ? { identity } : {}),
    })
  }

  /** Takes what a file holds, signature by signature. Rejects with `MALFORMED` or `TOO_LARGE` for what is no ledger of this room. */
  async import(file: Uint8Array): Promise<ImportReport> {
    const report = await importLedger(file, {
      room: this.#ledger.room,
      verify: this.#components.verify,
      take: (reads) => this.#take(reads),
    })
    await this.#writer.flush()
    return report
  }

  async #begin(stops: (() => void)[], signal: AbortSignal): Promise<void> {
    const { store, onChange } = this.#components
    const loading = loadLogs({
      store,
      take: (reads) => this.#admit(reads, { isStored: true }),
      takeProof: (proof) => this.#takeProof(proof),
      lengthOf: (author) => this.#ledger.lengthOf(author),
      signal,
    })
    try {
      const loaded = await loading
      if (loaded.length > 0) onChange(loaded)
    } catch (error) {
      this.#unread = fault(faultOf(error, (why) => ({ code: 'STORAGE_UNAVAILABLE', why })))
    }
    if (signal.aborted) return
    const linked = this.#untilLinked(signal)
    stops.push(this.#sync.start())
    await linked
    await this.#sync.askForOwn()
    this.#isReady.resolve()
  }

  /** Until somebody is linked, or for a short while. */
  #untilLinked(signal: AbortSignal): Promise<void> {
    const { net, clock, isBlocked } = this.#components
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = net.on('link', ({ peer }) => {
      if (!isBlocked(peer)) resolve()
    })
    const cancel = clock.after(ALONE_AFTER, resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (net.links().some(({ peer }) => !isBlocked(peer))) resolve()
    return promise.finally(() => {
      stop()
      cancel()
    })
  }

  async #maySign(): Promise<void> {
    await this.ready
    if (this.#unread) throw this.#unread
  }

  /** An own entry is on disk: others may hear of it. Where nobody does now, whoever is linked later asks. */
  #written(taken: Extract<Taken, { kind: 'added' }>): void {
    this.#follow(taken)
    this.#protocol.publish([taken.read.signed]).catch(() => {})
    this.#components.onChange([taken.read])
  }

  /** Throws `CANCELLED` once this keeper was stopped: what is taken then would never be on disk. */
  #take(reads: readonly ReadEntry[], from?: PeerId): readonly Taken[] {
    this.#stopped.signal.throwIfAborted()
    const size = this.#ledger.size
    const { taken, added } = this.#admit(reads, { isGossip: from === undefined })
    if (added.length > 0 || this.#ledger.size !== size) this.#components.onChange(added)
    return taken
  }

  #admit(
    reads: readonly ReadEntry[],
    { isStored = false, isGossip = false }: { isStored?: boolean; isGossip?: boolean },
  ): { readonly taken: readonly Taken[]; readonly added: readonly ReadEntry[] } {
    const added: ReadEntry[] = []
    const take = (read: ReadEntry): Taken => {
      // it would stand where the entry stands that is being written: it comes again, and shows what it shows
      if (this.#own.isWriting && read.author === this.#components.net.self) return { kind: 'known' }
      const taken = this.#ledger.take(read)
      if (taken.kind === 'added') {
        added.push(read)
        if (!isStored) this.#writer.add(read)
        this.#follow(taken)
        for (const next of this.#gaps.after(read)) take(next)
        if (isGossip) this.#noteSeen(read)
      } else if (taken.kind === 'forked') {
        this.#ends(taken.fork.author, taken.fork.seq)
        const proof = this.#proofOf(taken.fork.author)
        if (proof && !isStored) this.#notices.found(proof)
      } else if (taken.kind === 'gap' && isGossip) {
        this.#gaps.keep(read)
        this.#sync.lacks()
      }
      return taken
    }
    return { taken: reads.map(take), added }
  }

  /** Whoever has seen what is not here shows that gossip lost it, or has it on its way. */
  #noteSeen(read: ReadEntry): void {
    const seen = isEntry('CHECKPOINT', read) ? [...read.entry.seen, ...read.entry.body.heads] : read.entry.seen
    const lacking = seen.map(hex).filter((id) => this.#ledger.get(id) === undefined)
    for (const id of lacking) this.#gaps.name(id)
    if (lacking.length > 0) this.#sync.lacks()
  }

  /** What an entry that was added did to others. */
  #follow({ read, cut, gaveWay = [] }: Extract<Taken, { kind: 'added' }>): void {
    for (const { author, seq } of gaveWay) this.#writer.cut(author, seq)
    if (cut) this.#ends(cut.fork.author, cut.fork.seq)
    const proof = proofOf(read)
    if (proof) this.#notices.shown(proof)
  }

  /** Throws as `#take` does. */
  #takeProof(proof: ForkProof): void {
    this.#stopped.signal.throwIfAborted()
    const taken = this.#ledger.takeProof(proof)
    if (taken === undefined) return
    this.#ends(taken.fork.author, taken.fork.seq)
    this.#components.onChange([])
  }

  /** A log forked: it ends there on disk too, and what shows it is kept. */
  #ends(author: PeerId, seq: number): void {
    this.#writer.cut(author, seq)
    this.#writer.beside(this.#ledger.beside())
  }

  #proofOf(author: PeerId): ForkProof | undefined {
    const fork = this.#ledger.forkOf(author)
    return fork && { first: readEntry(fork.first), second: readEntry(fork.second) }
  }

  #heard(peer: PeerId, { heads }: Summary): void {
    this.#ledger.claims(peer, new Map(heads.map(({ key, length }) => [peerIdFromKey(key), length - 1])))
  }
}
