import { Emitter } from '../../domain/emitter.ts'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import type { ReadEntry } from '../../domain/ledger/entry.ts'
import type { Ledger, Taken } from '../../domain/ledger/ledger.ts'
import type { ForkProof } from '../../domain/ledger/proof.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { checkEntries, holds, proofHolds } from './check-entries.ts'
import { compare, isNothing, summarise, type Conflict } from './compare.ts'
import * as limits from './constants.ts'
import { Frames, outOfOrder } from './frames.ts'
import {
  encodeFrame,
  encodeGossip,
  entryFrames,
  readGossip,
  readProof,
  type LedgerFrame,
  type Summary,
  type Wanted,
} from './messages.ts'

export interface LedgerProtocolInit {
  /** As the room is called on the wire. */
  readonly room: string
}

/** What is held here, and how it grows. */
export interface LedgerBook {
  readonly ledger: Ledger
  /** Entries whose signatures hold, in the order in which they came. Resolves when more may come. */
  take(reads: readonly ReadEntry[], from?: PeerId): readonly Taken[]
  takeProof(proof: ForkProof, from?: PeerId): void
  /** What a peer says it holds. */
  heard(peer: PeerId, summary: Summary): void
  isBlocked(peer: PeerId): boolean
}

export interface LedgerProtocolComponents {
  readonly net: Pick<Net, 'publish' | 'subscribe' | 'open' | 'handle'>
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly book: LedgerBook
}

export interface LedgerProtocolEvents {
  /** A peer holds what is lacking here, as it says. */
  offered: { readonly peer: PeerId; readonly wanted: Wanted; readonly conflicts: readonly Conflict[] }
}

/** Entries of a room: new ones by gossip, and what was missed to whoever asks. */
export class LedgerProtocol extends Emitter<LedgerProtocolEvents> {
  readonly topic: string
  readonly #components: LedgerProtocolComponents
  readonly #asked = new Map<PeerId, { readonly since: number; readonly times: number }>()
  /** Answers under way: whose logs they bring, since when, and when something came last. */
  readonly #coming = new Set<{ readonly authors: ReadonlySet<PeerId>; readonly since: number; last: number }>()
  #verifying = 0
  #answering = 0

  constructor({ room }: LedgerProtocolInit, components: LedgerProtocolComponents) {
    super()
    this.#components = components
    this.topic = limits.ledgerTopic(room)
  }

  /** Begins to listen and to answer. Returns the way to stop listening. */
  start(): () => void {
    const { net } = this.#components
    const { PROTOCOL, MAX_FRAME, MAX_STREAMS } = limits
    net.handle(PROTOCOL, { maxFrame: MAX_FRAME, maxStreams: MAX_STREAMS }, (channel) => void this.#receive(channel))
    return net.subscribe(this.topic, (data) => void this.#hear(data))
  }

  /** Tells the room. */
  async publish(entries: readonly Signed[], proofs: readonly ForkProof[] = []): Promise<void> {
    const pairs = proofs.map(({ first, second }) => [first.signed, second.signed] as const)
    await this.#components.net.publish(this.topic, encodeGossip(entries, pairs))
  }

  /**
   * Brings what a linked peer holds and this one lacks, and tells it what it lacks. Gives the logs of which both hold different entries.
   * Whoever answers with what does not hold loses the stream. Rejects with `UNREACHABLE`, and with the fault of what was sent.
   */
  exchange(peer: PeerId, options: { signal?: AbortSignal } = {}): Promise<readonly Conflict[]> {
    const { ledger } = this.#components.book
    return this.#converse(peer, options, async (channel, frames) => {
      await channel.send(encodeFrame({ kind: 'root', root: ledger.root() }))
      const far = await frames.next()
      if (far === undefined || far.kind === 'same') {
        this.#components.book.heard(peer, { heads: [], forks: [] })
        return []
      }
      if (far.kind !== 'summary') throw outOfOrder(far.kind)
      this.#components.book.heard(peer, far)
      const { wanted, offers, conflicts } = compare(ledger, far, (author) => this.#isComing(author))
      await channel.send(encodeFrame({ kind: 'wanted', ...wanted, offers: offers.heads, forks: offers.forks }))
      return [...conflicts, ...(await this.#bring(peer, wanted, frames))]
    })
  }

  /** Asks a linked peer for some entries. Rejects and gives as `exchange` does. */
  ask(peer: PeerId, wanted: Wanted, options: { signal?: AbortSignal } = {}): Promise<readonly Conflict[]> {
    if (isNothing(wanted)) return Promise.resolve([])
    return this.#converse(peer, options, async (channel, frames) => {
      await channel.send(encodeFrame({ kind: 'wanted', ...wanted, offers: [], forks: [] }))
      return this.#bring(peer, wanted, frames)
    })
  }

  async #converse<T>(
    peer: PeerId,
    { signal }: { signal?: AbortSignal },
    body: (channel: Channel, frames: Frames) => Promise<T>,
  ): Promise<T> {
    const { net } = this.#components
    const options = { maxFrame: limits.MAX_FRAME, ...(signal ? { signal } : {}) }
    const channel = await net.open(peer, limits.PROTOCOL, options)
    const giveUp = () => channel.abort('no longer waited for')
    signal?.addEventListener('abort', giveUp, { once: true })
    const frames = new Frames(channel, this.#components.clock)
    try {
      const result = await body(channel, frames)
      await channel.close()
      return result
    } catch (error) {
      channel.abort('the answer does not hold')
      throw error
    } finally {
      frames.end()
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Takes an answer, as far as it is one. */
  async #bring(peer: PeerId, { ranges, ids, proofs }: Wanted, frames: Frames): Promise<readonly Conflict[]> {
    const { book, verify, clock } = this.#components
    const wanted = new Map(ranges.map(({ key, from, to }) => [peerIdFromKey(key), { next: from, to }]))
    const single = new Set(ids.map(hex))
    const shown = new Set(proofs.map(peerIdFromKey))
    const conflicts: Conflict[] = []
    const coming = { authors: new Set(wanted.keys()), since: clock.now(), last: clock.now() }
    this.#coming.add(coming)
    const pages = frames.entries(async (signed) => {
      for (let at = 0; at + 1 < signed.length; at += 2) {
        const [first, second] = [signed[at], signed[at + 1]]
        if (first === undefined || second === undefined) continue
        const proof = readProof(first, second)
        if (!shown.has(proof.first.author)) throw outOfOrder('proof')
        if (!(await proofHolds(proof, verify))) throw fault({ code: 'BAD_SIGNATURE', what: 'proof of a fork' })
        book.takeProof(proof, peer)
      }
    })
    /** Logs of which no more is taken from this answer. */
    const over = new Set<PeerId>()
    const isKnown = (read: ReadEntry) => book.ledger.get(read.name) !== undefined
    try {
      for await (const reads of checkEntries(pages, { verify, isKnown })) {
        const fitting = reads.filter((read) => {
          if (single.has(read.name)) return true
          const range = wanted.get(read.author)
          if (range === undefined || read.entry.seq !== range.next || read.entry.seq >= range.to)
            throw outOfOrder('entry')
          range.next++
          return !over.has(read.author)
        })
        const taken = book.take(fitting, peer)
        coming.last = clock.now()
        for (const [i, { author, entry }] of fitting.entries()) {
          const outcome = taken[i]
          if (outcome?.kind !== 'refused' || over.has(author)) continue
          over.add(author)
          if (outcome.fault.code === 'OUT_OF_ORDER') conflicts.push({ author, seq: entry.seq - 1 })
        }
      }
    } finally {
      this.#coming.delete(coming)
    }
    return conflicts
  }

  /** Gossip that does not hold is dropped: its sender is unknown, so nobody is to blame. */
  async #hear(data: Uint8Array): Promise<void> {
    if (this.#verifying >= limits.MAX_VERIFYING) return
    this.#verifying++
    try {
      const { book, verify } = this.#components
      const { entries, proofs } = readGossip(data)
      const news = entries.filter((read) => isNews(book.ledger, read))
      const good = await Promise.all(news.map((read) => holds(read, verify)))
      if (good.every(Boolean)) book.take(news)
      for (const proof of proofs)
        if (isEarlier(book.ledger, proof) && (await proofHolds(proof, verify))) book.takeProof(proof)
    } catch {
      // Malformed.
    } finally {
      this.#verifying--
    }
  }

  async #receive(channel: Channel): Promise<void> {
    const { book, clock } = this.#components
    const peer = channel.remote
    if (book.isBlocked(peer) || this.#answering >= limits.MAX_ANSWERING || !this.#mayAsk(peer))
      return channel.abort('asked too often')
    this.#answering++
    const frames = new Frames(channel, clock)
    try {
      let asked = await frames.next()
      if (asked?.kind === 'root') asked = await this.#summarise(asked.root, channel, frames)
      if (asked?.kind === 'wanted') {
        const { offers, forks, ...wanted } = asked
        await this.#answer(wanted, channel, frames)
        this.#learn(peer, { heads: offers, forks })
      }
      await channel.close()
    } catch {
      channel.abort('that was no question')
    } finally {
      frames.end()
      this.#answering--
    }
  }

  async #summarise(root: Uint8Array, channel: Channel, frames: Frames): Promise<LedgerFrame | undefined> {
    const { ledger } = this.#components.book
    const isSame = hex(root) === hex(ledger.root())
    await channel.send(encodeFrame(isSame ? { kind: 'same' } : { kind: 'summary', ...summarise(ledger) }))
    return isSame ? undefined : frames.next()
  }

  async #answer({ ranges, ids, proofs }: Wanted, channel: Channel, frames: Frames): Promise<void> {
    const { ledger } = this.#components.book
    const send = async (frame: Uint8Array) => {
      await channel.send(frame)
      frames.heard()
    }
    const shown = proofs.flatMap((key) => {
      const fork = ledger.forkOf(peerIdFromKey(key))
      return fork ? [fork.first, fork.second] : []
    })
    for (const frame of entryFrames(shown, 'proofs')) await send(frame)
    const single = ids.flatMap((id) => ledger.get(hex(id)) ?? ledger.lost(hex(id)) ?? [])
    let left = limits.MAX_TOLD
    function* told(): Generator<Signed> {
      for (const { signed } of single) yield signed
      for (const { key, from, to } of ranges) {
        const author = peerIdFromKey(key)
        for (let seq = from; seq < to; seq++) {
          const read = ledger.at(author, seq)
          if (read === undefined) break
          left -= read.signed.body.length
          if (left < 0) return
          yield read.signed
        }
      }
    }
    for (const frame of entryFrames(told())) await send(frame)
  }

  /** Somebody who asked holds more, as it says. */
  #learn(peer: PeerId, offers: Summary): void {
    const { book } = this.#components
    const { wanted, conflicts } = compare(book.ledger, offers, (author) => this.#isComing(author))
    if (isNothing(wanted) && conflicts.length === 0) return
    this.emit('offered', { peer, wanted, conflicts })
  }

  /** Whether an answer that is under way brings a log. */
  #isComing(author: PeerId): boolean {
    const now = this.#components.clock.now()
    return [...this.#coming].some(
      ({ authors, since, last }) =>
        authors.has(author) && now - last < limits.COMES_WITHIN && now - since < limits.COMES_AT_MOST,
    )
  }

  #mayAsk(peer: PeerId): boolean {
    const now = this.#components.clock.now()
    for (const [asker, { since }] of this.#asked) if (now - since >= limits.ASKS_WITHIN) this.#asked.delete(asker)
    const { since = now, times = 0 } = this.#asked.get(peer) ?? {}
    if (times >= limits.MAX_ASKS || (times === 0 && this.#asked.size >= limits.MAX_ASKERS)) return false
    this.#asked.set(peer, { since, times: times + 1 })
    return true
  }
}

/** Whether it is worth checking: held entries are not, nor what lies beyond a fork and shows nothing more. */
function isNews(ledger: Ledger, read: ReadEntry): boolean {
  if (ledger.get(read.name) || hex(read.entry.room) !== hex(ledger.room)) return false
  const fork = ledger.forkOf(read.author)
  return fork === undefined || read.entry.seq < fork.seq
}

const isEarlier = (ledger: Ledger, { first }: ForkProof): boolean =>
  first.entry.seq < (ledger.forkOf(first.author)?.seq ?? Infinity)
