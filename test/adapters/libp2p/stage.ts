import { createLibp2pNet } from '../../../src/adapters/libp2p/net.ts'
import type { Net } from '../../../src/ports/net.ts'
import type { Stage } from '../../kits/net.ts'

/** Peers on relays that run, each with a reservation: what a room's members are before they link. */
export async function libp2pStage(relays: readonly string[], count: number): Promise<Stage> {
  const peers = await Promise.all(Array.from({ length: count }, () => joined(relays)))
  return {
    peers,
    crash: (peer) => void peer.stop(),
    close: async () => {
      for (const peer of peers) await peer.stop()
    },
  }
}

export async function joined(relays: readonly string[]): Promise<Net> {
  const privateKeySeed = crypto.getRandomValues(new Uint8Array(32))
  const net = await createLibp2pNet({ privateKeySeed, relays })
  const announced = new Promise((resolve) => net.on('addresses', resolve))
  await net.start()
  await announced
  return net
}
