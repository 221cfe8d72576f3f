import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { secretFile } from '../adapters/files/secret-file.ts'
import { createMetrics } from '../adapters/http/metrics.ts'
import { sendJson, sendText, type HttpServerInit } from '../adapters/http/server.ts'
import { createRelay, type Relay, type RelayInit, type RelayMetrics } from '../adapters/libp2p/relay.ts'

/** Bytes of an Ed25519 seed. */
const SEED_BYTES = 32

/** A relay whose key and certificate are kept in a data directory, so that its addresses hold from run to run. */
export async function openRelay(dataDir: string, init: Omit<RelayInit, 'privateKeySeed' | 'dataDir'>): Promise<Relay> {
  const path = join(dataDir, 'relay.key')
  const privateKeySeed = await secretFile(path, () => new Uint8Array(randomBytes(SEED_BYTES)))
  if (privateKeySeed.length !== SEED_BYTES)
    throw new Error(`${path} is not a key of a relay: move it away, and a new one is made.`)
  return createRelay({ ...init, privateKeySeed, dataDir })
}

/** What a relay tells over HTTP. `relays` lists the multiaddrs to use for whoever made the request. */
export function relayRoutes(
  relay: Relay,
  relays: (request: IncomingMessage) => readonly string[],
): HttpServerInit['routes'] {
  const started = performance.now()
  const metrics = createMetrics(READINGS.map(({ name, help, of }) => ({ name, help, read: () => of(relay.metrics()) })))
  return {
    '/health': (_request, response) =>
      sendJson(response, 200, {
        status: 'ok',
        peer: relay.peer,
        uptimeSeconds: Math.round((performance.now() - started) / 1000),
        ...relay.metrics(),
      }),
    '/metrics': async (_request, response) => sendText(response, 200, await metrics.text(), metrics.contentType),
    '/relays.json': (request, response) => sendJson(response, 200, { relays: relays(request) }),
  }
}

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
