import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { PeerId } from '../../domain/peer-id.ts'
import { directCertificate } from './certificate.ts'
import { forwardTopics } from './forward-topics.ts'
import { gossip } from './gossip.ts'

/** Tabs of one relay: at about 2 MB each, what a small machine holds. */
const MAX_TABS = 2_000

/** Connections that one address may open in a second, and that may be half open: a classroom opens its tabs at once. */
const MAX_BURST = 500

/** What may pass between two tabs that find no direct path, per connection: some jobs, and the model of them. */
const RELAYED_BYTES = 256n << 20n
const RELAYED_MS = 2 * 3_600_000

/** Milliseconds for a connection to be set up on a loaded machine. */
const UPGRADE_TIMEOUT = 25_000

/** A relay stands in the middle of every room, so it sends on to more neighbours than a tab does. */
const DEGREE = { Dlo: 8, D: 16, Dhi: 64 }

export interface RelayInit {
  /** Ed25519 private key, 32 bytes: its public half is in the relay's addresses. */
  readonly privateKeySeed: Uint8Array
  readonly host: string
  /** TCP port of the WebSocket; 0 for any that is free. */
  readonly port: number
  /** UDP port of webrtc-direct; without one it is not offered. */
  readonly webrtcDirectPort?: number
  /** Where webrtc-direct listens; `host` if absent. */
  readonly webrtcDirectHost?: string
  /** Where webrtc-direct's certificate is kept. */
  readonly dataDir: string
  /** Multiaddrs at which tabs reach the relay, where those it listens on are not what they see. A webrtc-direct one may lack its certhash. */
  readonly announce?: readonly string[] | undefined
}

export interface RelayMetrics {
  readonly connections: number
  /** Tabs that can be reached through the relay. */
  readonly reservations: number
  /** Topics it forwards: one or two for each room. */
  readonly topics: number
  readonly rssBytes: number
}

export interface Relay {
  readonly peer: PeerId
  /** What could not be offered, in sentences. */
  readonly warnings: readonly string[]
  /** Multiaddrs that tabs can dial, each ending in `/p2p/…`. */
  addresses(): readonly string[]
  /** From now on it goes by these multiaddrs, each ending in its `/p2p/…`, and tells tabs no others. */
  announce(addresses: readonly string[]): void
  metrics(): RelayMetrics
  stop(): Promise<void>
}

type RelayServices = { identify: Identify; ping: Ping; pubsub: GossipSub; relay: CircuitRelayService }

/** Starts a relay: it introduces tabs to each other and forwards gossip, and reads nothing of what they say. Rejects when a port is taken. */
export async function createRelay(init: RelayInit): Promise<Relay> {
  const { privateKeySeed, host, port, webrtcDirectPort, announce = [] } = init
  const { webrtcDirectHost = host } = init
  const direct = webrtcDirectPort === undefined ? undefined : await openDirect(init.dataDir)
  if (direct?.transport && webrtcDirectPort) await checkUdpPort(webrtcDirectHost, webrtcDirectPort)
  const listen = [
    `${ipOf(host)}/tcp/${port}/ws`,
    ...(direct?.transport ? [`${ipOf(webrtcDirectHost)}/udp/${webrtcDirectPort}/webrtc-direct`] : []),
  ]
  let announced: readonly Multiaddr[] | undefined
  const node = await createLibp2p<RelayServices>({
    privateKey: await generateKeyPairFromSeed('Ed25519', privateKeySeed),
    addresses: {
      listen,
      announce: announce.map((address) => withCerthash(address, direct?.certhash)),
      announceFilter: (own) => [...(announced ?? own)],
    },
    transports: [webSockets(), ...(direct?.transport ? [direct.transport] : [])],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: MAX_TABS,
      inboundConnectionThreshold: MAX_BURST,
      maxIncomingPendingConnections: MAX_BURST,
      inboundUpgradeTimeout: UPGRADE_TIMEOUT,
    },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossip(DEGREE),
      relay: circuitRelayServer({
        maxInboundHopStreams: MAX_BURST,
        maxOutboundHopStreams: MAX_BURST,
        maxOutboundStopStreams: MAX_BURST,
        reservations: { maxReservations: MAX_TABS, defaultDurationLimit: RELAYED_MS, defaultDataLimit: RELAYED_BYTES },
      }),
    },
  })
  forwardTopics(node)
  return {
    ...describe(node, direct?.warning ? [direct.warning] : []),
    announce: (addresses) => void (announced = addresses.map((address) => multiaddr(address))),
  }
}

/** Nobody can know the hash of the certificate before it is made, so an announced address may leave it out. */
const withCerthash = (address: string, certhash: string | undefined): string =>
  address.endsWith('/webrtc-direct') && certhash ? `${address}/certhash/${certhash}` : address

const ipOf = (host: string): string => `/${host.includes(':') ? 'ip6' : 'ip4'}/${host}`

const describe = (node: Libp2p<RelayServices>, warnings: readonly string[]): Omit<Relay, 'announce'> => ({
  peer: node.peerId.toString(),
  warnings,
  addresses: () => node.getMultiaddrs().map(String),
  metrics: () => ({
    connections: node.getConnections().length,
    reservations: node.services.relay.reservations.size,
    topics: node.services.pubsub.getTopics().length,
    rssBytes: process.memoryUsage.rss(),
  }),
  stop: async () => {
    // a UDP port that closes under WebRTC connections takes the process with it
    await Promise.allSettled(node.getConnections().map(async (connection) => connection.close()))
    await node.stop()
  },
})

/** webrtc-direct, whose WebRTC for Node is a binary that not every platform has. */
async function openDirect(folder: string) {
  try {
    const { webRTCDirect } = await import('@libp2p/webrtc')
    const certificate = await directCertificate(folder)
    const transport = webRTCDirect({ certificate, rtcConfiguration: { iceServers: [] } })
    return { transport, certhash: certificate.certhash }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { warning: `webrtc-direct is off: ${why}. Tabs on https pages need a relay behind wss:// instead.` }
  }
}

/** Rejects with a sentence where a UDP port is taken: WebRTC for Node would print lines of its own. */
async function checkUdpPort(host: string, port: number): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    const listening = once(socket, 'listening')
    socket.bind(port, host)
    await listening
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`UDP port ${port} is taken, which webrtc-direct needs: choose another.`, { cause: error })
  } finally {
    socket.close()
  }
}
