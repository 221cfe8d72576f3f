import { hex, fromHex } from '../../domain/hash.ts'
import { fault } from '../../domain/fault.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { MAX_LOG_ENTRIES } from '../../domain/ledger/limits.ts'
import { keyFromPeerId, type PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { Net } from '../../ports/net.ts'
import type { Conflict, LedgerExchange, Wanted } from '../../protocols/ledger/index.ts'
import type { Gaps } from './bridge-gaps.ts'

/** Milliseconds between two rounds, spread by a fifth either way: a round asks one linked peer, and one that is trusted. */
export const ROUND = 10_000

/** Milliseconds that what gossip lost may take to come by itself; and between two rounds at least, whatever is lacking. */
const LACKING = 500
export const LEAST_BETWEEN = 6_000

/** Entries before a place where two differ that are compared at a time, until one is found that is alike. */
const LOOKED_AT = [256, 8_192, MAX_LOG_ENTRIES]

/** Logs looked into for one peer at a time: the next round looks into others. */
const MAX_LOOKED_INTO = 8

/** Single entries asked for at a time, and how often, where what lies before an entry is not all in logs. */
const SINGLE = 64
const TRIES = 4

/** Peers asked for the own head, and milliseconds that each may take. */
const ASKED_FOR_OWN = 3
const OWN_PATIENCE = 3_000

export interface LedgerSyncComponents {
  readonly net: Pick<Net, 'self' | 'links' | 'on'>
  readonly protocol: Pick<LedgerExchange, 'exchange' | 'ask' | 'on'>
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: RandomBytes
  readonly isTrusted: (peer: PeerId) => boolean
  readonly isBlocked: (peer: PeerId) => boolean
  /** What gossip showed to be lacking here. */
  readonly gaps: Pick<Gaps, 'isOpen' | 'asked'>
}

/** Brings two ledgers to the same: with each new link once, and then with two of them every ten seconds, or sooner where something is lacking. */
export class LedgerSync {
  readonly #components: LedgerSyncComponents
  /** Those that are linked and were asked. */
  readonly #met = new Set<PeerId>()
  readonly #exchanging = new Map<PeerId, Promise<void>>()
  readonly #stopped = new AbortController()
  #next: (() => void) | undefined
  #early: (() => void) | undefined
  #roundAt = Number.NEGATIVE_INFINITY

  constructor(components: LedgerSyncComponents) {
    this.#components = components
  }

  /** Returns the way to stop. */
  start(): () => void {
    const { net, protocol, ledger } = this.#components
    const stops = [
      net.on('link', ({ peer }) => this.#meet(peer)),
      net.on('unlink', ({ peer }) => {
        this.#met.delete(peer)
        ledger.claims(peer, undefined)
      }),
      protocol.on('offered', ({ peer, wanted, conflicts }) => void this.#askBack(peer, wanted, conflicts)),
    ]
    for (const { peer } of net.links()) this.#meet(peer)
    this.#later()
    return () => {
      for (const stop of stops) stop()
      this.#next?.()
      this.#early?.()
      this.#stopped.abort()
    }
  }

  /** Something is lacking: where it does not come by itself, somebody is asked for it before the next round is due. */
  lacks(): void {
    const { clock, gaps } = this.#components
    if (this.#early || this.#stopped.signal.aborted) return
    const wait = Math.max(LACKING, this.#roundAt + LEAST_BETWEEN - clock.now())
    this.#early = clock.after(wait, () => {
      this.#early = undefined
      if (!gaps.isOpen) return
      gaps.asked()
      this.#round()
    })
  }

  /** One exchange with a peer, whatever comes of it: one that is under way counts. Rejects as the protocol does. */
  exchange(peer: PeerId): Promise<void> {
    const known = this.#exchanging.get(peer)
    if (known) return known
    const exchanging = this.#exchange(peer).finally(() => this.#exchanging.delete(peer))
    this.#exchanging.set(peer, exchanging)
    exchanging.catch(() => {})
    return exchanging
  }

  /** Brings all that lies before some entry, from a peer that named it. Rejects with `UNREACHABLE` where that peer does not hold it. */
  async bring(head: Uint8Array, peer: PeerId): Promise<void> {
    const { ledger, protocol } = this.#components
    if (ledger.past([head])) return
    // one that is under way may have begun before that peer held it
    await this.#exchanging.get(peer)?.catch(() => {})
    if (ledger.past([head])) return
    await this.exchange(peer)
    for (let tries = 0; tries < TRIES && !ledger.past([head]); tries++) {
      const ids = ledger.missing([head], SINGLE).map(fromHex)
      await protocol.ask(peer, { ranges: [], ids, proofs: [] }, { signal: this.#stopped.signal })
    }
    if (!ledger.past([head]))
      throw fault({ code: 'UNREACHABLE', peer, why: `it does not hold what lies before ${hex(head).slice(0, 12)}` })
  }

  /** Asks a few of whom this peer is linked with for what they hold of its own log, from its last entry on. Never rejects. */
  async askForOwn(): Promise<void> {
    const { net, ledger, protocol, clock, isBlocked } = this.#components
    const from = Math.max(0, ledger.lengthOf(net.self) - 1)
    const range = { key: keyFromPeerId(net.self), from, to: MAX_LOG_ENTRIES }
    const asked = net.links().filter(({ peer }) => !isBlocked(peer))
    await Promise.all(
      asked.slice(0, ASKED_FOR_OWN).map(async ({ peer }) => {
        const patience = new AbortController()
        const cancel = clock.after(OWN_PATIENCE, () => patience.abort())
        try {
          const wanted = { ranges: [range], ids: [], proofs: [] }
          const signal = AbortSignal.any([patience.signal, this.#stopped.signal])
          await this.#settle(peer, await protocol.ask(peer, wanted, { signal }))
        } catch {
          // Others are asked beside it.
        } finally {
          cancel()
        }
      }),
    )
  }

  #meet(peer: PeerId): void {
    if (this.#met.has(peer)) return
    this.#met.add(peer)
    if (!this.#components.isBlocked(peer)) void this.#try(peer)
  }

  #later(): void {
    const spread = 0.8 + (0.4 * (this.#components.random(1)[0] ?? 0)) / 256
    this.#next?.()
    this.#next = this.#components.clock.after(ROUND * spread, () => this.#round())
  }

  #round(): void {
    const { net, clock, isTrusted, isBlocked } = this.#components
    this.#roundAt = clock.now()
    this.#later()
    const linked = net.links().flatMap(({ peer }) => (isBlocked(peer) ? [] : [peer]))
    const one = this.#draw(linked)
    const trusted = this.#draw(linked.filter((peer) => peer !== one && isTrusted(peer)))
    for (const peer of [one, trusted]) if (peer !== undefined) void this.#try(peer)
  }

  #draw(peers: readonly PeerId[]): PeerId | undefined {
    const [high = 0, low = 0] = this.#components.random(2)
    return peers[(high * 256 + low) % peers.length]
  }

  async #try(peer: PeerId): Promise<void> {
    try {
      await this.exchange(peer)
    } catch {
      // It went away, or what it sent does not hold: the next round asks whom it draws.
    }
  }

  async #exchange(peer: PeerId): Promise<void> {
    const { protocol, ledger } = this.#components
    try {
      await this.#settle(peer, await protocol.exchange(peer, { signal: this.#stopped.signal }))
    } catch (error) {
      // what it said that it holds is no more known than before
      ledger.claims(peer, undefined)
      throw error
    }
  }

  async #askBack(peer: PeerId, wanted: Wanted, conflicts: readonly Conflict[]): Promise<void> {
    if (this.#exchanging.has(peer) || this.#components.isBlocked(peer)) return
    try {
      const more = await this.#components.protocol.ask(peer, wanted, { signal: this.#stopped.signal })
      await this.#settle(peer, [...conflicts, ...more])
    } catch {
      // As above.
    }
  }

  /** Finds where logs forked of which the peer holds other entries than this one. */
  async #settle(peer: PeerId, conflicts: readonly Conflict[]): Promise<void> {
    for (const conflict of conflicts.slice(0, MAX_LOOKED_INTO)) await this.#findFork(peer, conflict)
  }

  async #findFork(peer: PeerId, { author, seq }: Conflict): Promise<void> {
    const { protocol, ledger } = this.#components
    let to = seq + 1
    for (const width of LOOKED_AT) {
      const from = Math.max(0, to - width)
      const range = { key: keyFromPeerId(author), from, to }
      await protocol.ask(peer, { ranges: [range], ids: [], proofs: [] }, { signal: this.#stopped.signal })
      const fork = ledger.forkOf(author)
      // the first that was compared is alike, or the peer does not show what it said it holds
      if (fork === undefined || fork.seq !== from || from === 0) return
      to = from
    }
  }
}
