import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { Net, Path } from '../../ports/net.ts'
import { MemoryNet } from './net.ts'

export interface MemoryNetworkInit {
  /** Paces latency and detection. Without one everything arrives at the next microtask, in order. */
  readonly clock?: Clock
  /** Draws which gossip is lost; needed for `loseGossip`. */
  readonly random?: RandomBytes
  /** Milliseconds that anything takes from one peer to another. Default 0. */
  readonly latencyMs?: number
  /** Milliseconds until the others notice that a peer has crashed. Default 0: at once. */
  readonly detectionMs?: number
}

/** Makes a network within this process: as many `Net`s as asked for, and the faults that real ones meet. */
export const createMemoryNetwork = (init: MemoryNetworkInit = {}): MemoryNetwork => new MemoryNetwork(init)

export class MemoryNetwork {
  readonly #init: MemoryNetworkInit
  readonly #peers = new Map<PeerId, MemoryNet>()
  /** The group that a peer is in while the network is partitioned. */
  readonly #groups = new Map<PeerId, number>()
  readonly #blocked = new Set<string>()
  #relayed = true
  #gossipLoss = 0

  constructor(init: MemoryNetworkInit) {
    const { latencyMs = 0, detectionMs = 0 } = init
    if ((latencyMs > 0 || detectionMs > 0) && !init.clock) throw new Error('latency and detection need a clock')
    this.#init = init
  }

  /** The `Net` of a peer, not yet started. */
  peer(id: PeerId): Net {
    const known = this.#peers.get(id)
    if (known) return known
    const net = new MemoryNet(id, this)
    this.#peers.set(id, net)
    return net
  }

  /** Whether newcomers can be introduced: the stand-in for a bootstrap relay. */
  get relayed(): boolean {
    return this.#relayed
  }

  /** Kills the relay or brings it back. Direct links live on without it. */
  setRelay(up: boolean): void {
    if (this.#relayed === up) return
    this.#relayed = up
    for (const net of this.#online()) {
      net.emit('relay', { address: '/memory', connected: up })
      net.emit('addresses', net.addresses())
      if (!up) for (const { peer, path } of net.links()) if (path === 'relay') this.unlink(net.self, peer)
    }
  }

  /** A peer vanishes without a word, as a killed tab does. Its neighbours notice after `detectionMs`. */
  crash(id: PeerId): void {
    const net = this.#peers.get(id)
    if (!net) return
    const neighbours = net.links()
    net.vanish()
    this.#peers.delete(id)
    this.#later(this.#init.detectionMs ?? 0, () => {
      for (const { peer } of neighbours) this.#peers.get(peer)?.unlinked(id)
    })
  }

  /** Splits the network: each group is cut off from the others, and from whoever is in none. */
  partition(...groups: readonly (readonly PeerId[])[]): void {
    this.#groups.clear()
    for (const [i, group] of groups.entries()) for (const id of group) this.#groups.set(id, i + 1)
    for (const net of this.#online()) {
      for (const { peer } of net.links()) if (this.#parted(net.self, peer)) this.unlink(net.self, peer)
    }
  }

  heal(): void {
    this.#groups.clear()
  }

  /** Between these two no direct link can be made, as behind two strict NATs: only the relay is left. */
  blockDirect(a: PeerId, b: PeerId): void {
    this.#blocked.add(pairOf(a, b))
    if (
      this.#peers
        .get(a)
        ?.links()
        .some((link) => link.peer === b && link.path === 'direct')
    )
      this.unlink(a, b)
  }

  /** From now on this share of gossip deliveries, 0 to 1, never arrives. */
  loseGossip(share: number): void {
    if (!this.#init.random) throw new Error('losing gossip needs random bytes')
    this.#gossipLoss = share
  }

  /** Resets every channel between two peers. Their link stays. */
  resetChannels(a: PeerId, b: PeerId): void {
    this.#peers.get(a)?.resetChannels(b)
    this.#peers.get(b)?.resetChannels(a)
  }

  // What the peers ask of their network.

  /** The peer at the other end, if there is a way to it. */
  reach(from: MemoryNet, id: PeerId, addresses: readonly string[], path: Path): MemoryNet {
    const refuse = (why: string) => fault({ code: 'UNREACHABLE', peer: id, why })
    const remote = this.#peers.get(id)
    if (!from.online) throw refuse('this peer is not started')
    if (!remote?.online || id === from.self || this.#parted(from.self, id)) throw refuse('nobody answers')
    if (from.links().some((link) => link.peer === id && link.path === path)) return remote
    if (!addresses.includes(`/memory/${id}`)) throw refuse('no address leads to it')
    if (!this.#relayed) throw refuse('no relay introduces us')
    if (path === 'direct' && this.#blocked.has(pairOf(from.self, id))) throw refuse('no direct path')
    return remote
  }

  link(a: PeerId, b: PeerId, path: Path): void {
    this.#peers.get(a)?.linked(b, path)
    this.#peers.get(b)?.linked(a, path)
  }

  unlink(a: PeerId, b: PeerId): void {
    this.#peers.get(a)?.unlinked(b)
    this.#peers.get(b)?.unlinked(a)
  }

  started(net: MemoryNet): void {
    net.emit('relay', { address: '/memory', connected: this.#relayed })
    if (this.#relayed) net.emit('addresses', net.addresses())
    for (const topic of net.topics) this.subscribed(net, topic)
  }

  /** Tells a new subscriber and those already there of one another. */
  subscribed(net: MemoryNet, topic: string): void {
    for (const other of this.#audience(net)) {
      this.deliver(net.self, other.self, () => other.emit('subscriber', { topic }))
      if (other.hears(topic)) this.deliver(other.self, net.self, () => net.emit('subscriber', { topic }))
    }
  }

  gossip(from: MemoryNet, topic: string, data: Uint8Array): void {
    if (!from.online) return
    for (const other of this.#audience(from)) {
      if (!other.hears(topic) || this.#loses()) continue
      this.deliver(from.self, other.self, () => other.hear(topic, data))
    }
  }

  /** Runs a task where and when it arrives; never, if the two are parted by then. */
  deliver(from: PeerId, to: PeerId, task: () => void): void {
    this.#later(this.#init.latencyMs ?? 0, () => {
      if (!this.#parted(from, to)) task()
    })
  }

  /** The time one way takes. Rejects with `CANCELLED` when the caller gives up, `UNREACHABLE` when its time is over. */
  travel(to: PeerId, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(givenUp(to, signal))
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#later(this.#init.latencyMs ?? 0, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
    })
  }

  #later(ms: number, task: () => void): void {
    if (ms > 0 && this.#init.clock) this.#init.clock.after(ms, task)
    else queueMicrotask(task)
  }

  /** Whom gossip reaches: everyone by the relay; without it, whoever is joined by direct links. */
  #audience(from: MemoryNet): readonly MemoryNet[] {
    if (this.#relayed) return this.#online().filter((net) => net !== from && !this.#parted(from.self, net.self))
    const seen = new Set([from])
    for (const net of seen) {
      for (const { peer } of net.links()) {
        const next = this.#peers.get(peer)
        if (next?.online) seen.add(next)
      }
    }
    seen.delete(from)
    return [...seen]
  }

  #online(): MemoryNet[] {
    return [...this.#peers.values()].filter((net) => net.online)
  }

  #parted(a: PeerId, b: PeerId): boolean {
    return this.#groups.get(a) !== this.#groups.get(b)
  }

  #loses(): boolean {
    return this.#gossipLoss > 0 && (this.#init.random?.(1)[0] ?? 0) < this.#gossipLoss * 256
  }
}

const pairOf = (a: PeerId, b: PeerId): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

const givenUp = (peer: PeerId, signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error && signal.reason.name === 'TimeoutError'
    ? fault({ code: 'UNREACHABLE', peer, why: 'it did not answer in time' })
    : fault({ code: 'CANCELLED' })
