import { nextEntry, unseenHeads } from '../../domain/ledger/append.ts'
import {
  encodeEntry,
  MAX_SEEN,
  readEntry,
  type BodyOf,
  type EntryType,
  type ReadEntry,
} from '../../domain/ledger/entry.ts'
import { encodeLedgerFile, type MovedIdentity } from '../../domain/ledger/ledger-file.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { Ledger, type Taken } from '../../domain/ledger/ledger.ts'
import { proofOf, type ForkProof } from '../../domain/ledger/proof.ts'
import { fault, type Fault } from '../../domain/fault.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { Net } from '../../ports/net.ts'
import type { Signer, VerifySignature } from '../../ports/signer.ts'
import { ledgerExchange, type LedgerBook, type LedgerExchange, type Summary } from '../../protocols/ledger/index.ts'
import { signBody } from '../sign-message.ts'
import { Gaps } from './bridge-gaps.ts'
import { importLedger } from './import-ledger.ts'
import { loadLogs } from './load-logs.ts'
import { ForkNotices } from './show-forks.ts'
import { LedgerSync } from './sync-ledger.ts'
import { LogWriter } from './write-logs.ts'

/** Milliseconds that a newcomer waits for somebody to be linked with, before it signs without having asked for its own head. */
const ALONE_AFTER = 1_500

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
  #appending: Promise<unknown> = Promise.resolve()
  /** While an own entry is on its way to disk nothing else may take its place. */
  #isWriting = false
  #checkpointed = Number.NEGATIVE_INFINITY
  #charter: Uint8Array | undefined

  constructor(components: LedgerKeeperComponents) {
    this.#components = components
    const { room, roomTopic, net, verify, clock, random, store, isTrusted, isBlocked } = components
    this.ready = this.#isReady.promise
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
    })
    this.#writer = new LogWriter({ store, clock })
    this.#notices = new ForkNotices({
      clock,
      random,
      publish: (proof) => this.#protocol.publish([], [proof]),
      // without a log of its own a peer says so by gossip alone
      write: async ({ first, second }) => {
        const charter = this.#charter ?? this.#ledger.head(net.self)?.entry.charter
        if (charter) await this.append('FORKED_LOG', { first: first.signed, second: second.signed }, charter)
      },
    })
  }

  get ledger(): LedgerView {
    return this.#ledger
  }

  /** Listens, reads what is kept, asks whom it links with. Before `net.start`. Returns the way to stop. */
  start(): () => Promise<void> {
    const stops = [this.#protocol.start(), this.#notices.stop]
    const stopped = new AbortController()
    void this.#begin(stops, stopped.signal)
    return async () => {
      stopped.abort()
      for (const stop of stops) stop()
      await this.#appending.catch(() => {})
      await this.#writer.flush()
    }
  }

  /**
   * Adds an entry to the own log: on disk before anybody hears of it. Rejects with `LOG_FORKED`, `STORAGE_FULL`, `STORAGE_UNAVAILABLE`, and
   * with `MALFORMED` for what nobody would read.
   */
  append<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    charter: Uint8Array,
    { reach = false }: AppendOptions = {},
  ): Promise<ReadEntry<T>> {
    return this.#inTurn(async () => {
      if (this.#ledger.lengthOf(this.#components.net.self) === 0 && type !== 'KEY') await this.#begins(charter)
      if (RELIED_ON.has(type)) await this.#checkpointIfDue(charter, reach)
      await this.#writeOwed()
      return this.#write(type, body, charter)
    })
  }

  /** Writes what this peer owes, without waiting for something else to write. */
  payOwed(): Promise<void> {
    return this.#inTurn(() => this.#writeOwed())
  }

  /** Says in the own log what is held now, where more was seen than an entry can name. */
  checkpoint(charter: Uint8Array): Promise<ReadEntry<'CHECKPOINT'>> {
    return this.#inTurn(async () => {
      if (this.#ledger.lengthOf(this.#components.net.self) === 0) await this.#begins(charter)
      await this.#writeOwed()
      return this.#checkpoint(charter)
    })
  }

  /** Brings what lies before an entry, from a peer that named it. Rejects with `UNREACHABLE`, and with the fault of what was sent. */
  want(head: Uint8Array, from: PeerId): Promise<void> {
    return this.#sync.bring(head, from)
  }

  /** All that is held, as one file. With an identity it moves a key: whoever has that file is this peer. */
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
    const loaded = await loadLogs({
      store,
      take: (reads) => this.#admit(reads, { isStored: true }),
      takeProof: (proof) => this.#takeProof(proof),
      lengthOf: (author) => this.#ledger.lengthOf(author),
      signal,
    })
    if (loaded.length > 0) onChange(loaded)
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

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#appending.then(async () => {
      await this.ready
      return task()
    })
    this.#appending = result.catch(() => {})
    return result
  }

  async #begins(charter: Uint8Array): Promise<void> {
    await this.#write('KEY', { build: this.#components.build ?? 'moot' }, charter)
  }

  /** Nothing is awaited between the last look at what is owed and the choice of what the next entry has seen. */
  async #writeOwed(): Promise<void> {
    for (let owed = await this.#owed(); owed.length > 0; owed = await this.#owed())
      for (const { type, body, charter } of owed) await this.#write(type, body, charter)
  }

  async #owed(): Promise<readonly Owed[]> {
    return (await this.#components.owed?.()) ?? []
  }

  async #checkpointIfDue(charter: Uint8Array, mustReach: boolean): Promise<void> {
    const { clock, net } = this.#components
    if (!mustReach && clock.now() - this.#checkpointed < CHECKPOINT_EVERY) return
    if (unseenHeads(this.#ledger, net.self, MAX_SEEN + 1).length <= MAX_SEEN) return
    await this.#writeOwed()
    await this.#checkpoint(charter)
  }

  #checkpoint(charter: Uint8Array): Promise<ReadEntry<'CHECKPOINT'>> {
    const { clock, net } = this.#components
    this.#checkpointed = clock.now()
    const heads = unseenHeads(this.#ledger, net.self).map(({ id }) => id)
    return this.#write('CHECKPOINT', { heads, entries: this.#ledger.size, root: this.#ledger.root() }, charter)
  }

  async #write<T extends EntryType>(type: T, body: BodyOf<T>, charter: Uint8Array): Promise<ReadEntry<T>> {
    const { onChange } = this.#components
    const read = await this.#sign(type, body, charter)
    this.#isWriting = true
    try {
      await this.#writer.addNow(read)
      const taken = this.#ledger.take(read)
      if (taken.kind === 'refused') throw fault(taken.fault)
      if (taken.kind !== 'added') throw this.#forked() ?? fault({ code: 'LOG_FORKED', at: read.entry.seq })
      this.#follow(taken)
    } finally {
      this.#isWriting = false
    }
    this.#charter = charter
    // where nobody hears it now, whoever is linked later asks
    this.#protocol.publish([read.signed]).catch(() => {})
    onChange([read])
    return read
  }

  /** Signs what comes next. While it was signed others may have brought what this peer wrote before, and it comes after that. */
  async #sign<T extends EntryType>(type: T, body: BodyOf<T>, charter: Uint8Array): Promise<ReadEntry<T>> {
    const { net, signer } = this.#components
    for (;;) {
      const forked = this.#forked()
      if (forked) throw forked
      const last = this.#ledger.head(net.self)?.name
      const entry = nextEntry(this.#ledger, net.self, { charter, type, body })
      const read = readEntry(await signBody(signer, encodeEntry(entry as never)))
      if (this.#ledger.head(net.self)?.name === last && !this.#forked()) return read as unknown as ReadEntry<T>
    }
  }

  #forked(): Error | undefined {
    const fork = this.#ledger.forkOf(this.#components.net.self)
    return fork && fault({ code: 'LOG_FORKED', at: fork.seq })
  }

  #take(reads: readonly ReadEntry[], from?: PeerId): readonly Taken[] {
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
      if (this.#isWriting && read.author === this.#components.net.self) return { kind: 'known' }
      const taken = this.#ledger.take(read)
      if (taken.kind === 'added') {
        added.push(read)
        if (!isStored) this.#writer.add(read)
        this.#follow(taken)
        for (const next of this.#gaps.after(read)) take(next)
      } else if (taken.kind === 'forked') {
        this.#ends(taken.fork.author, taken.fork.seq)
        const proof = this.#proofOf(taken.fork.author)
        if (proof && !isStored) this.#notices.found(proof)
      } else if (taken.kind === 'gap' && isGossip) this.#gaps.keep(read)
      return taken
    }
    return { taken: reads.map(take), added }
  }

  /** What an entry that was added did to others. */
  #follow({ read, cut, gaveWay = [] }: Extract<Taken, { kind: 'added' }>): void {
    for (const { author, seq } of gaveWay) this.#writer.cut(author, seq)
    if (cut) this.#ends(cut.fork.author, cut.fork.seq)
    const proof = proofOf(read)
    if (proof) this.#notices.shown(proof)
  }

  #takeProof(proof: ForkProof): void {
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
