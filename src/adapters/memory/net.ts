import { Emitter } from '../../domain/emitter.ts'
import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel, Link, Net, NetEvents, Path, ProtocolOptions, RelayStatus } from '../../ports/net.ts'
import { MemoryChannel } from './channel.ts'
import type { MemoryNetwork } from './network.ts'

/** Bytes of one gossip message, as in the libp2p adapter: presence and offers are a few KiB. */
const MAX_GOSSIP = 256 << 10

interface Handler extends ProtocolOptions {
  readonly accept: (channel: Channel) => void
}

/** One peer of a `MemoryNetwork`. */
export class MemoryNet implements Net {
  readonly self: PeerId
  readonly #network: MemoryNetwork
  readonly #events = new Emitter<NetEvents>()
  readonly #handlers = new Map<string, Handler>()
  readonly #topics = new Map<string, Set<(data: Uint8Array) => void>>()
  readonly #links = new Map<PeerId, Path>()
  readonly #channels = new Map<
    MemoryChannel,
    { readonly remote: PeerId; readonly protocol: string; readonly inbound: boolean }
  >()
  #online = false

  constructor(self: PeerId, network: MemoryNetwork) {
    this.self = self
    this.#network = network
  }

  get online(): boolean {
    return this.#online
  }

  async start(): Promise<void> {
    if (this.#online) return
    this.#online = true
    this.#network.started(this)
  }

  async stop(): Promise<void> {
    if (!this.#online) return
    const channels = [...this.#channels.keys()]
    await Promise.all(channels.map((channel) => channel.close()))
    this.#online = false
    for (const { peer } of this.links()) this.#network.unlink(this.self, peer)
  }

  /** Vanishes as a killed tab does: nothing is closed, nobody is told. The network tells the others in its own time. */
  vanish(): void {
    this.#online = false
    for (const channel of [...this.#channels.keys()]) channel.reset()
    this.#links.clear()
  }

  addresses(): readonly string[] {
    return this.#online && this.#network.relayed ? [`/memory/${this.self}`] : []
  }

  links(): readonly Link[] {
    return [...this.#links].map(([peer, path]) => ({ peer, path }))
  }

  relays(): readonly RelayStatus[] {
    return [{ address: '/memory', connected: this.#online && this.#network.relayed }]
  }

  async connect(peer: PeerId, addresses: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#links.get(peer) === 'direct') return
    await this.#network.travel(peer, signal)
    this.#network.reach(this, peer, addresses, 'direct')
    this.#network.link(this.self, peer, 'direct')
  }

  async disconnect(peer: PeerId): Promise<void> {
    this.#network.unlink(this.self, peer)
  }

  async open(
    peer: PeerId,
    protocol: string,
    { maxFrame, addresses = [], signal }: { maxFrame: number; addresses?: readonly string[]; signal?: AbortSignal },
  ): Promise<Channel> {
    await this.#network.travel(peer, signal)
    const linked = this.#links.get(peer)
    const remote = this.#network.reach(this, peer, addresses, linked ?? 'relay')
    if (!linked) this.#network.link(this.self, peer, 'relay')
    const path = linked ?? 'relay'
    const handler = remote.#handlers.get(protocol)
    const refuse = (why: string) => fault({ code: 'UNREACHABLE', peer, why })
    if (!handler) throw refuse(`it does not speak ${protocol}`)
    const held = [...remote.#channels.values()].filter(
      (held) => held.inbound && held.remote === this.self && held.protocol === protocol,
    )
    if (held.length >= handler.maxStreams)
      throw refuse(`it holds no more than ${handler.maxStreams} streams of ${protocol}`)
    const deliver = (task: () => void) => this.#network.deliver(this.self, peer, task)
    const answer = (task: () => void) => this.#network.deliver(peer, this.self, task)
    const [near, far] = MemoryChannel.pair(
      { remote: peer, path, maxFrame, deliver, onClosed: () => this.#channels.delete(near) },
      {
        remote: this.self,
        path,
        maxFrame: handler.maxFrame,
        deliver: answer,
        onClosed: () => remote.#channels.delete(far),
      },
    )
    this.#channels.set(near, { remote: peer, protocol, inbound: false })
    remote.#channels.set(far, { remote: this.self, protocol, inbound: true })
    deliver(() => handler.accept(far))
    return near
  }

  handle(protocol: string, options: ProtocolOptions, handler: (channel: Channel) => void): void {
    this.#handlers.set(protocol, { ...options, accept: handler })
  }

  async publish(topic: string, data: Uint8Array): Promise<void> {
    if (data.length > MAX_GOSSIP)
      throw fault({ code: 'TOO_LARGE', what: 'announcement', bytes: data.length, limit: MAX_GOSSIP })
    this.#network.gossip(this, topic, data.slice())
  }

  subscribe(topic: string, handler: (data: Uint8Array) => void): () => void {
    const handlers = this.#topics.get(topic) ?? new Set()
    if (handlers.size === 0) {
      this.#topics.set(topic, handlers)
      if (this.#online) this.#network.subscribed(this, topic)
    }
    handlers.add(handler)
    return () => {
      handlers.delete(handler)
      if (handlers.size === 0) this.#topics.delete(topic)
    }
  }

  on<K extends keyof NetEvents>(event: K, handler: (detail: NetEvents[K]) => void): () => void {
    return this.#events.on(event, handler)
  }

  // What the network tells its peers.

  get topics(): readonly string[] {
    return [...this.#topics.keys()]
  }

  hears(topic: string): boolean {
    return this.#topics.has(topic)
  }

  emit<K extends keyof NetEvents>(event: K, detail: NetEvents[K]): void {
    if (this.#online) this.#events.emit(event, detail)
  }

  hear(topic: string, data: Uint8Array): void {
    if (this.#online) for (const handler of [...(this.#topics.get(topic) ?? [])]) handler(data)
  }

  linked(peer: PeerId, path: Path): void {
    if (!this.#online || this.#links.get(peer) === path) return
    this.#links.set(peer, path)
    this.#events.emit('link', { peer, path })
  }

  unlinked(peer: PeerId): void {
    this.resetChannels(peer)
    if (this.#links.delete(peer)) this.#events.emit('unlink', { peer })
  }

  resetChannels(peer: PeerId): void {
    for (const [channel, { remote }] of [...this.#channels]) if (remote === peer) channel.reset()
  }
}
