import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { sendJson, type HttpServerInit } from '../adapters/http/server.ts'
import { createRelay, type Relay, type RelayInit, type RelayMetrics } from '../adapters/libp2p/relay.ts'
import { readSecret } from './read-secret.ts'
import { statusRoutes } from './status-routes.ts'

/** A relay whose key and certificate are kept in a data directory, so that its addresses hold from run to run. */
export async function openRelay(dataDir: string, init: Omit<RelayInit, 'privateKeySeed' | 'dataDir'>): Promise<Relay> {
  const privateKeySeed = await readSecret(join(dataDir, 'relay.key'), 'key of a relay')
  return createRelay({ ...init, privateKeySeed, dataDir })
}

/** What a relay tells over HTTP. `relays` lists the multiaddrs to use for whoever made the request. */
export const relayRoutes = (
  relay: Relay,
  relays: (request: IncomingMessage) => readonly string[],
): HttpServerInit['routes'] => ({
  ...statusRoutes({
    health: () => ({ peer: relay.peer, ...relay.metrics() }),
    readings: READINGS.map(({ name, help, of }) => ({ name, help, read: () => of(relay.metrics()) })),
  }),
  '/relays.json': (request, response) => sendJson(response, 200, { relays: relays(request) }),
})

/** The port on which the relay's WebSocket listens on this machine. */
export function webSocketPort(relay: Relay): number {
  const [, port] = relay.addresses().flatMap((address) => /\/tcp\/(\d+)\/ws\//.exec(address) ?? [])
  if (port === undefined) throw new Error('The relay listens on no WebSocket.')
  return Number(port)
}

const READINGS: readonly { name: string; help: string; of: (metrics: RelayMetrics) => number }[] = [
  { name: 'moot_relay_connections', help: 'Open connections to tabs.', of: ({ connections }) => connections },
  {
    name: 'moot_relay_reservations',
    help: 'Tabs that can be reached through it.',
    of: ({ reservations }) => reservations,
  },
  { name: 'moot_relay_topics', help: 'Gossip topics it forwards.', of: ({ topics }) => topics },
]
