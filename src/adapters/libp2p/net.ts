import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { Emitter } from '../../domain/emitter.ts'
import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel, Link, Net, NetEvents, ProtocolOptions, RelayStatus } from '../../ports/net.ts'
import { StreamChannel } from './channel.ts'
import { MAX_GOSSIP } from './gossip.ts'
import { Links, pathOf } from './links.ts'
import { createNode, DIAL_TIMEOUT, type TabServices } from './node.ts'
import { RelayDialer } from './relay-dialer.ts'

/** Addresses tried of one peer: a peer has one or two for each relay it uses. */
const MAX_ADDRESSES = 8

/** Dials for one direct link: of Node's WebRTC one in six fails at once, of Chromium's none in hundreds. */
const MAX_TRIES = 3

/** Streams of one protocol that this side may hold open to one peer, unless it handles that protocol and says otherwise. */
const MAX_OUTBOUND_STREAMS = 64

export interface Libp2pNetInit {
  /** Ed25519 private key, 32 bytes. */
  readonly privateKeySeed: Uint8Array
  /** Multiaddrs of relays, each ending in `/p2p/…`. */
  readonly relays: readonly string[]
  /** STUN and TURN servers. Default none: a registered default, since a server learns who asks. */
  readonly iceServers?: readonly RTCIceServer[]
}

/** The network over libp2p, for tabs and for Node alike. Call `start` on it. Throws `MALFORMED` where no relay address is one. */
export async function createLibp2pNet({ privateKeySeed, relays, iceServers = [] }: Libp2pNetInit): Promise<Net> {
  const events = new Emitter<NetEvents>()
  const dialer = new RelayDialer({ relays, onStatus: (status) => events.emit('relay', status) })
  const node = await createNode({ privateKeySeed, reservations: dialer.count, iceServers })
  return new Libp2pNet(node, dialer, events)
}

class Libp2pNet implements Net {
  readonly self: PeerId
  readonly #node: Libp2p<TabServices>
  readonly #dialer: RelayDialer
  readonly #events: Emitter<NetEvents>
  readonly #links: Links
  readonly #topics = new Map<string, Set<(data: Uint8Array) => void>>()
  #addresses: readonly string[] = []

  constructor(node: Libp2p<TabServices>, dialer: RelayDialer, events: Emitter<NetEvents>) {
    this.self = node.peerId.toString()
    this.#node = node
    this.#dialer = dialer
    this.#events = events
    this.#links = new Links({
      onLink: (link) => events.emit('link', link),
      onUnlink: (peer) => events.emit('unlink', { peer }),
    })
    this.#listen()
  }

  async start({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.#node.start()
    for (const topic of this.#topics.keys()) this.#node.services.pubsub.subscribe(topic)
    this.#dialer.start(this.#node)
  }

  async stop(): Promise<void> {
    this.#dialer.stop()
    // stopping alone tells nobody: the far sides would wait for pings to fail
    await Promise.allSettled(this.links().map(({ peer }) => this.disconnect(peer)))
    await this.#node.stop()
  }

  addresses(): readonly string[] {
    return this.#addresses
  }

  links(): readonly Link[] {
    return this.#links.list()
  }

  relays(): readonly RelayStatus[] {
    return this.#dialer.statuses()
  }

  async connect(peer: PeerId, addresses: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const direct = () => {
      const best = this.#links.best(peer)
      return best !== undefined && pathOf(best) === 'direct'
    }
    if (direct()) return
    const targets = parse(addresses, peer).filter((address) => pathOf({ remoteAddr: address }) === 'direct')
    await this.#reach(peer, signal, async (within) => {
      // a dial may join one under way that ends in a relayed connection, or fail where the next one does not
      for (let tries = 1; !direct(); tries++) {
        if (tries > MAX_TRIES) throw new Error('no direct path')
        await this.#dial(targets, within).catch((error: unknown) => {
          if (tries === MAX_TRIES || within.aborted) throw error
        })
      }
    })
  }

  async disconnect(peer: PeerId): Promise<void> {
    await this.#node.hangUp(peerIdFromString(peer))
  }

  async open(
    peer: PeerId,
    protocol: string,
    { maxFrame, addresses = [], signal }: { maxFrame: number; addresses?: readonly string[]; signal?: AbortSignal },
  ): Promise<Channel> {
    return this.#reach(peer, signal, async (within) => {
      const connection = this.#links.best(peer) ?? (await this.#dial(parse(addresses, peer).map(relayed), within))
      const stream = await connection.newStream(protocol, {
        signal: within,
        runOnLimitedConnection: true,
        maxOutboundStreams: MAX_OUTBOUND_STREAMS,
      })
      return new StreamChannel(stream, connection, maxFrame)
    })
  }

  handle(protocol: string, { maxFrame, maxStreams }: ProtocolOptions, handler: (channel: Channel) => void): void {
    const accept = (stream: Stream, connection: Connection) => handler(new StreamChannel(stream, connection, maxFrame))
    const limits = { maxInboundStreams: maxStreams, maxOutboundStreams: maxStreams, runOnLimitedConnection: true }
    void this.#node.handle(protocol, accept, limits)
  }

  async publish(topic: string, data: Uint8Array): Promise<void> {
    if (data.length > MAX_GOSSIP)
      throw fault({ code: 'TOO_LARGE', what: 'announcement', bytes: data.length, limit: MAX_GOSSIP })
    await this.#node.services.pubsub.publish(topic, data)
  }

  subscribe(topic: string, handler: (data: Uint8Array) => void): () => void {
    const handlers = this.#topics.get(topic) ?? new Set()
    this.#topics.set(topic, handlers.add(handler))
    if (this.#node.status === 'started') this.#node.services.pubsub.subscribe(topic)
    return () => {
      handlers.delete(handler)
      if (handlers.size > 0) return
      this.#topics.delete(topic)
      if (this.#node.status === 'started') this.#node.services.pubsub.unsubscribe(topic)
    }
  }

  on<K extends keyof NetEvents>(event: K, handler: (detail: NetEvents[K]) => void): () => void {
    return this.#events.on(event, handler)
  }

  #listen(): void {
    const node = this.#node
    node.addEventListener('connection:open', ({ detail }) => {
      this.#dialer.opened(detail)
      this.#links.opened(detail)
    })
    node.addEventListener('connection:close', ({ detail }) => {
      this.#dialer.closed(detail)
      this.#links.closed(detail)
    })
    // libp2p's own announcement of new addresses comes a second later
    node.addEventListener('transport:listening', () => this.#readAddresses())
    node.addEventListener('transport:close', () => this.#readAddresses())
    node.addEventListener('self:peer:update', () => this.#readAddresses())
    const { pubsub } = node.services
    pubsub.addEventListener('message', ({ detail: { topic, data } }) => {
      for (const handler of [...(this.#topics.get(topic) ?? [])]) handler(data)
    })
    pubsub.addEventListener('subscription-change', ({ detail: { subscriptions } }) => {
      for (const { topic, subscribe } of subscriptions) if (subscribe) this.#events.emit('subscriber', { topic })
    })
  }

  #readAddresses(): void {
    const addresses = this.#node.getMultiaddrs().filter((remoteAddr) => pathOf({ remoteAddr }) === 'direct')
    const texts = addresses.map(String).sort()
    if (texts.join() === this.#addresses.join()) return
    this.#addresses = texts
    this.#events.emit('addresses', texts)
  }

  async #dial(addresses: readonly Multiaddr[], signal: AbortSignal): Promise<Connection> {
    if (addresses.length === 0) throw new Error('no address leads to it')
    return this.#node.dial([...addresses], { signal })
  }

  /** Runs a task within its time; whatever goes wrong in it means that the peer is out of reach. */
  async #reach<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    task: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const within = AbortSignal.any([AbortSignal.timeout(DIAL_TIMEOUT), ...(signal ? [signal] : [])])
    try {
      within.throwIfAborted()
      return await task(within)
    } catch (error) {
      if (signal?.aborted && (signal.reason as Error).name === 'AbortError') throw fault({ code: 'CANCELLED' })
      const why = within.aborted ? 'it did not answer in time' : messageOf(error)
      throw fault({ code: 'UNREACHABLE', peer, why })
    }
  }
}

/** The addresses that are any, are few, and lead to that peer. */
function parse(addresses: readonly string[], peer: PeerId): Multiaddr[] {
  return addresses
    .slice(0, MAX_ADDRESSES)
    .filter((text) => text.endsWith(`/p2p/${peer}`))
    .flatMap((text) => {
      try {
        return [multiaddr(text)]
      } catch {
        return []
      }
    })
}

/** The way by the relay alone: without `/webrtc` a dial ends in a relayed connection. */
const relayed = (address: Multiaddr): Multiaddr => multiaddr(String(address).replace(/\/webrtc(?=\/|$)/, ''))

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
