import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify, type Identify } from '@libp2p/identify'
import { FaultTolerance, type Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { gossip } from './gossip.ts'
import { privateKeyOf } from './private-key.ts'

/** Milliseconds for one dial: libp2p's 6 s fail on a loaded machine. */
export const DIAL_TIMEOUT = 25_000

/** Milliseconds between pings, and for an answer: a crashed tab is noticed in 6 to 8 s. */
const PING_INTERVAL = 3_000
const PING_TIMEOUT = 5_000

/** Connections of one tab: the mesh holds 8, jobs a few more, relays 8. */
const MAX_CONNECTIONS = 100

export type TabServices = { identify: Identify; ping: Ping; pubsub: GossipSub }

export interface NodeInit {
  /** Ed25519 private key, 32 bytes. */
  readonly privateKeySeed: Uint8Array
  /** How many relays to hold a reservation with. */
  readonly reservations: number
  readonly iceServers: readonly RTCIceServer[]
}

/** The libp2p node of a tab (or of a Node peer: the same transports), not yet started. */
export async function createNode({ privateKeySeed, reservations, iceServers }: NodeInit): Promise<Libp2p<TabServices>> {
  const rtcConfiguration = { iceServers: [...iceServers] }
  return createLibp2p<TabServices>({
    start: false,
    privateKey: await privateKeyOf(privateKeySeed),
    // bare: an address of one relay makes start() fail while it is down, and is not listened on again when it is back
    addresses: { listen: [...Array<string>(reservations).fill('/p2p-circuit'), '/webrtc'] },
    transports: [
      webSockets(),
      webRTC({ rtcConfiguration }),
      webRTCDirect({ rtcConfiguration }),
      circuitRelayTransport(),
    ],
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // the default denies ws:// and private addresses in a browser: a relay on this machine or in this room has both
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: MAX_CONNECTIONS,
      addressDialTimeout: DIAL_TIMEOUT,
      dialTimeout: DIAL_TIMEOUT,
      inboundUpgradeTimeout: DIAL_TIMEOUT,
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: PING_INTERVAL, pingTimeout: { minTimeout: PING_TIMEOUT } },
    services: { identify: identify(), ping: ping(), pubsub: gossip() },
  })
}
