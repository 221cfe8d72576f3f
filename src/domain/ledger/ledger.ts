import { equalBytes, hash, hex } from '../hash.ts'
import { fault } from '../fault.ts'
import { keyFromPeerId, peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { Signed } from '../envelope.ts'
import { CausalOrder, refsOf, type Node } from './causal-order.ts'
import { isEntry, type EntryType, type ReadEntry } from './entry.ts'
import { EntryIndex } from './entry-index.ts'
import { ForkTable } from './fork-table.ts'
import { HeadsHeard } from './heads-heard.ts'
import type { Fork, LedgerView, Past } from './ledger-view.ts'
import * as limits from './limits.ts'
import { Places } from './places.ts'
import { forkBetween, proofOf, type ForkProof } from './proof.ts'
import { Reaches } from './reaches.ts'
import { SubjectIndex } from './subject-index.ts'
import { namedBy } from './subjects.ts'
import type { Cut, Taken } from './taken.ts'

export type { Cut, Taken }

export interface LedgerInit {
  /** Whose logs never give way to others: this peer's own, and of those whom it trusts. Default: nobody's. */
  readonly isKept?: (author: PeerId) => boolean
}

interface Log {
  readonly author: PeerId
  readonly key: Uint8Array
  readonly nodes: Node[]
  bytes: number
  reads: readonly ReadEntry[] | undefined
}

/** The entries of a room as one peer holds them. Signatures are its caller's to have checked. */
export class Ledger implements LedgerView {
  readonly room: Uint8Array
  readonly #order = new CausalOrder()
  readonly #logs = new Map<PeerId, Log>()
  readonly #all = new EntryIndex(this.#order)
  readonly #types = new Map<EntryType, EntryIndex>()
  readonly #subjects = new SubjectIndex(this.#order)
  readonly #forks = new ForkTable()
  readonly #places: Places
  readonly #isKept: (author: PeerId) => boolean
  readonly #heard = new HeadsHeard()
  readonly #reaches = new Reaches({
    order: this.#order,
    nodes: (author) => this.#logs.get(author)?.nodes ?? [],
    voided: (name) => this.#forks.forkBefore(name),
  })
  /** Those for whose next entry there was no room, since the last time that anything changed about that. */
  readonly #limited = new Set<PeerId>()
  #authors: readonly PeerId[] | undefined
  #root: Uint8Array | undefined

  constructor(room: Uint8Array, { isKept = () => false }: LedgerInit = {}) {
    if (room.length !== 16) throw fault({ code: 'MALFORMED', what: 'room', why: 'its name is not 16 bytes' })
    this.room = room
    this.#isKept = isKept
    this.#places = new Places(isKept)
  }

  get size(): number {
    return this.#order.size
  }

  /** Takes an entry whose signature holds; of a FORKED_LOG also those that it carries. */
  take(read: ReadEntry): Taken {
    const { author, entry } = read
    if (!equalBytes(entry.room, this.room)) return refused('MALFORMED', 'it is of another room')
    const proof = proofOf(read)
    if (proof === undefined && entry.type === 'FORKED_LOG') return refused('MALFORMED', 'it shows no fork')
    const fork = this.#forks.get(author)
    if (fork && entry.seq >= fork.seq) return this.#beyond(read, proof)
    const log = this.#logs.get(author)
    const have = log?.nodes.length ?? 0
    if (entry.seq < have) {
      const held = log?.nodes[entry.seq]?.read
      const between = held && forkBetween(held, read)
      return (between && this.takeProof(between)) ?? { kind: 'known' }
    }
    this.heardOf(author, entry.seq)
    if (entry.seq > have) return { kind: 'gap', author, have }
    const last = log?.nodes.at(-1)
    if (last && !(entry.prev && equalBytes(entry.prev, last.read.id)))
      return {
        kind: 'refused',
        fault: { code: 'OUT_OF_ORDER', what: 'entry', during: 'a log whose last entry is another' },
      }
    const gaveWay = this.#isLimited(author) ? undefined : this.#makeRoom(read, log)
    if (gaveWay === undefined) {
      if (this.#limited.size >= limits.MAX_LOGS) this.#limited.clear()
      this.#limited.add(author)
      return { kind: 'refused', fault: { code: 'RATE_LIMITED', what: 'entries' } }
    }
    this.#add(read, this.#logs.get(author) ?? this.#open(read))
    const cut = proof && this.#fork(proof)
    return { kind: 'added', read, ...(cut ? { cut } : {}), ...(gaveWay.length > 0 ? { gaveWay } : {}) }
  }

  /** Takes two entries that show a fork, both of whose signatures hold. Undefined where it shows no earlier one than is known. */
  takeProof(proof: ForkProof): Extract<Taken, { kind: 'forked' }> | undefined {
    const cut = equalBytes(proof.first.entry.room, this.room) ? this.#fork(proof) : undefined
    return cut && { kind: 'forked', ...cut }
  }

  get(name: string): ReadEntry | undefined {
    return this.#order.get(name)?.read
  }

  authors(): readonly PeerId[] {
    this.#authors ??= [...this.#logs.keys()].toSorted((a, b) => (a < b ? -1 : 1))
    return this.#authors
  }

  log(author: PeerId): readonly ReadEntry[] {
    const log = this.#logs.get(author)
    if (log === undefined) return []
    log.reads ??= log.nodes.map(({ read }) => read)
    return log.reads
  }

  /** Entries of a log that are held. */
  lengthOf(author: PeerId): number {
    return this.#logs.get(author)?.nodes.length ?? 0
  }

  /** The entry at one place of a log. */
  at(author: PeerId, seq: number): ReadEntry | undefined {
    return this.#logs.get(author)?.nodes[seq]?.read
  }

  head(author: PeerId): ReadEntry | undefined {
    return this.#logs.get(author)?.nodes.at(-1)?.read
  }

  forks(): readonly Fork[] {
    return this.#forks.list()
  }

  /** By name, an entry from beyond a fork: it counts for nothing, and others may name it. */
  lost(name: string): ReadEntry | undefined {
    return this.#forks.lost(name)
  }

  forkOf(author: PeerId): Fork | undefined {
    return this.#forks.get(author)
  }

  of<T extends EntryType>(type: T): readonly ReadEntry<T>[] {
    return (this.#types.get(type)?.reads() ?? []) as readonly ReadEntry<T>[]
  }

  about(subject: string): readonly ReadEntry[] {
    return this.#subjects.about(subject)
  }

  inOrder(): readonly ReadEntry[] {
    return this.#all.reads()
  }

  past(heads: readonly Uint8Array[]): Past | undefined {
    return this.#reaches.past(heads)
  }

  /** Names of what lies before these entries and is not held, a few of them: some of it may lie beyond a fork. */
  missing(heads: readonly Uint8Array[], most: number): readonly string[] {
    return this.#reaches.missing(heads, most)
  }

  /** Over the key, length and head of every log, and the place of every fork that is known. */
  root(): Uint8Array {
    this.#root ??= hash(
      'moot/ledger-root',
      this.room,
      this.authors().map((author) => {
        const { key, nodes } = this.#logs.get(author) ?? { key: keyFromPeerId(author), nodes: [] }
        return [key, nodes.length, nodes.at(-1)?.read.id ?? new Uint8Array(0)]
      }),
      this.forks().map(({ author, seq }) => [keyFromPeerId(author), seq]),
    )
    return this.#root
  }

  /** Somebody has this entry of a log: it is known, held or not. Says so of what is signed. */
  heardOf(author: PeerId, seq: number): void {
    this.#heard.signed(author, seq)
  }

  /** What a linked peer says it holds, unproven: counted as known until it says otherwise, or nothing any more. */
  claims(peer: PeerId, heads: ReadonlyMap<PeerId, number> | undefined): void {
    this.#heard.claims(peer, heads)
  }

  coverage(): { readonly held: number; readonly known: number } {
    const last = new Map(this.#heard.last())
    for (const [author, { nodes }] of this.#logs) last.set(author, Math.max(nodes.length - 1, last.get(author) ?? -1))
    let held = 0
    for (const [author, seq] of last) {
      const fork = this.#forks.get(author)
      if (this.lengthOf(author) > Math.min(seq, (fork?.seq ?? Infinity) - 1)) held++
    }
    // whoever names something that is not held names one head more, however many it names: made-up ones are free
    const naming = new Set<PeerId>()
    for (const nodes of this.#order.awaiting()) {
      for (const { read, held: is } of nodes) if (is) naming.add(read.author)
      if (naming.size >= limits.MAX_LOGS) break
    }
    return { held, known: last.size + naming.size }
  }

  /** Whether more of a log would be taken, as far as that can be told without it. */
  wants(author: PeerId): boolean {
    const fork = this.#forks.get(author)
    return !(fork && this.lengthOf(author) >= fork.seq) && !this.#isLimited(author)
  }

  /** What a log's owner has not named yet, neither itself nor by what it named, those who count the most first. None reaches another. */
  unseenBy(author: PeerId, most: number): readonly ReadEntry[] {
    const reach = this.#reaches.of(author)
    this.#order.settle()
    const ends = [...this.#logs.values()].flatMap((log) => {
      const end = log.author === author ? undefined : log.nodes.at(-1)
      return end && end.read.entry.seq >= reach.lengthOf(log.author)
        ? [{ end, rank: this.#places.rankOf(log.author) }]
        : []
    })
    ends.sort((a, b) => b.rank - a.rank || b.end.depth - a.end.depth || (a.end.read.name < b.end.read.name ? -1 : 1))
    const unseen: ReadEntry[] = []
    for (const { end } of ends) {
      if (unseen.length >= most) break
      if (reach.has(end.read)) continue
      reach.add([end.read.name])
      unseen.push(end.read)
    }
    return unseen
  }

  /** Entries that belong to no log and are worth keeping: what shows each fork, and what lies beyond one and is named by others. */
  beside(): readonly Signed[] {
    return this.#forks.entries()
  }

  #open({ author, signed }: ReadEntry): Log {
    const log: Log = { author, key: signed.key, nodes: [], bytes: 0, reads: undefined }
    this.#logs.set(author, log)
    this.#places.add(author)
    this.#authors = undefined
    return log
  }

  #add(read: ReadEntry, log: Log): void {
    const { author, entry } = read
    const node = this.#order.add(read, log.nodes.at(-1))
    log.nodes.push(node)
    log.bytes += read.signed.body.length
    log.reads = undefined
    this.#root = undefined
    this.#all.add(node)
    const index = this.#types.get(entry.type) ?? new EntryIndex(this.#order)
    index.add(node)
    this.#types.set(entry.type, index)
    this.#subjects.add(node)
    if (node.names > node.before.length) for (const name of refsOf(read)) this.#forks.named(name)
    this.#places.grow(author, weightOf(read))
    this.#count(read, true)
  }

  /** An entry beyond a fork: it may show the fork better, or hold up what names it, or show another. */
  #beyond(read: ReadEntry, proof: ForkProof | undefined): Taken {
    this.#forks.beyond(read, this.#order.isAwaited(read.name))
    return (proof && this.takeProof(proof)) ?? { kind: 'known' }
  }

  /** Undefined where an earlier one is known. */
  #fork(proof: ForkProof): Cut | undefined {
    const { author, entry } = proof.first
    const known = this.#forks.get(author)
    if (known && known.seq <= entry.seq) {
      for (const read of [proof.first, proof.second]) this.#forks.beyond(read, this.#order.isAwaited(read.name))
      return undefined
    }
    const dropped = this.#drop(author, entry.seq)
    const fork = this.#forks.add(proof, (name) => this.lengthOf(name) > 0)
    for (const read of dropped) this.#forks.beyond(read, this.#order.isAwaited(read.name))
    this.#root = undefined
    return { fork, dropped }
  }

  /** Ends a log before a place. */
  #drop(author: PeerId, seq: number): readonly ReadEntry[] {
    const log = this.#logs.get(author)
    const nodes = log?.nodes.splice(seq) ?? []
    if (log === undefined || nodes.length === 0) return []
    this.#order.remove(nodes)
    for (const node of nodes) {
      const { read } = node
      this.#all.drop()
      this.#types.get(read.entry.type)?.drop()
      this.#subjects.drop(node)
      log.bytes -= read.signed.body.length
      this.#places.grow(author, -weightOf(read))
      this.#count(read, false)
    }
    log.reads = undefined
    if (log.nodes.length === 0) {
      this.#logs.delete(author)
      this.#places.remove(author)
      this.#authors = undefined
    }
    this.#reaches.clear()
    this.#limited.clear()
    this.#root = undefined
    return nodes.map(({ read }) => read)
  }

  /** What an entry says of whose place counts how much. */
  #count(read: ReadEntry, isThere: boolean): void {
    const { author } = read
    if (isEntry('CONSENT', read)) this.#places.consents(author, isThere)
    if (isEntry('VOUCH', read)) {
      this.#places.vouches(author, peerIdFromKey(read.entry.body.peer), isThere)
      this.#limited.clear()
    }
    if (!isEntry('REVOKE', read)) return
    const vouch = this.#order.get(hex(read.entry.body.vouch))?.read
    if (vouch && vouch.author === author && isEntry('VOUCH', vouch))
      this.#places.vouches(author, peerIdFromKey(vouch.entry.body.peer), !isThere)
  }

  /** The logs that were cut so that an entry has room, the newcomer's apart; undefined where it has none. */
  #makeRoom(read: ReadEntry, log: Log | undefined): { author: PeerId; seq: number }[] | undefined {
    const { author, signed } = read
    if (log && log.nodes.length >= limits.MAX_LOG_ENTRIES) return undefined
    if ((log?.bytes ?? 0) + signed.body.length > limits.MAX_LOG_BYTES) return undefined
    const gaveWay: { author: PeerId; seq: number }[] = []
    const cut = (victim: PeerId, seq: number) => {
      this.#drop(victim, seq)
      gaveWay.push({ author: victim, seq })
    }
    if (!log && this.#logs.size >= limits.MAX_LOGS) {
      const victim = this.#places.givesWay(author, 'logs')
      if (victim === undefined) return undefined
      cut(victim, 0)
    }
    const weight = weightOf(read)
    while (this.#places.weight + weight > limits.MAX_WEIGHT) {
      const victim = this.#places.givesWay(author, 'weight', weight)
      if (victim === undefined) return gaveWay.length > 0 ? gaveWay : undefined
      const length = this.lengthOf(victim)
      cut(victim, length - Math.ceil(length / limits.GIVES_WAY))
    }
    return gaveWay
  }

  #isLimited(author: PeerId): boolean {
    return this.#limited.has(author) && !this.#isKept(author)
  }
}

/** What an entry takes of the room. */
const weightOf = ({ signed, entry }: ReadEntry): number =>
  1 + (signed.body.length >> 9) + ((entry.seen.length + namedBy(entry).length) >> 3)

const refused = (code: 'MALFORMED', why: string): Taken => ({ kind: 'refused', fault: { code, what: 'entry', why } })
