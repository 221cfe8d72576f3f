import { gossipsub, type GossipSubComponents, type GossipSub } from '@libp2p/gossipsub'
import { sha256 } from '@noble/hashes/sha2.js'

/** Bytes of one gossip message: presence and offers are a few KiB, and gossip goes to everyone. */
export const MAX_GOSSIP = 256 << 10

/** Bytes of one gossip packet, which may carry several messages: above it the packet is refused. */
const MAX_PACKET = 4 * MAX_GOSSIP

/**
 * Milliseconds between gossip's rounds of repair: half of its default, since a tab that has just come waits for one
 * to hear what it missed.
 */
const HEARTBEAT = 500

/** How many neighbours a peer keeps for each topic: at least, on average, at most. */
export interface Degree {
  readonly Dlo: number
  readonly D: number
  readonly Dhi: number
}

/**
 * Gossip as tabs and relays speak it. Messages carry their own signatures, so that gossip needs none; what is the
 * same is sent on once. Peers behind one address are no attack here: a classroom shares one.
 */
export const gossip = (degree: Partial<Degree> = {}): ((components: GossipSubComponents) => GossipSub) =>
  gossipsub({
    ...degree,
    globalSignaturePolicy: 'StrictNoSign',
    msgIdFn: (message) => sha256(message.data),
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    floodPublish: true,
    heartbeatInterval: HEARTBEAT,
    maxInboundDataLength: MAX_PACKET,
    // Telling everybody that a small message need not be sent again costs more than its duplicates.
    idontwantMinDataSize: MAX_GOSSIP,
    scoreParams: { IPColocationFactorWeight: 0 },
  })
