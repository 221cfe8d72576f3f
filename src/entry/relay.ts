import { startHttpServer } from '../adapters/http/server.ts'
import { readCommandLine, readPort, type Command } from './command-line.ts'
import { openRelay, relayRoutes } from './relay-service.ts'
import { failToStart, untilStopped } from './until-stopped.ts'

const COMMAND = {
  name: 'npm run relay --',
  summary:
    'Runs a relay: tabs find each other and make direct connections through it. It reads nothing of what they say.',
  options: {
    'port': { type: 'string', value: 'PORT', default: '9090', help: 'TCP port of its WebSocket' },
    'host': { type: 'string', value: 'ADDRESS', default: '0.0.0.0', help: 'address to listen on' },
    'webrtc-direct-port': {
      type: 'string',
      value: 'PORT',
      help: 'UDP port for tabs on https pages, which needs no domain and no certificate; "off" for none (as --port)',
    },
    'http-port': {
      type: 'string',
      value: 'PORT',
      default: '9091',
      help: 'TCP port of /health, /metrics and /relays.json',
    },
    'http-host': { type: 'string', value: 'ADDRESS', default: '127.0.0.1', help: 'address to listen on for those' },
    'data': {
      type: 'string',
      value: 'DIR',
      default: '.moot/relay',
      help: 'where its key and certificate are kept; one for each relay',
    },
    'announce': {
      type: 'string',
      value: 'MULTIADDR',
      multiple: true,
      help: 'an address at which tabs reach it, instead of those it listens on, as in /dns4/relay.example/tcp/443/tls/ws',
    },
  },
} as const satisfies Command

const { options } = readCommandLine(COMMAND)
const port = readPort(COMMAND, 'port', options.port)
const httpPort = readPort(COMMAND, 'http-port', options['http-port'])
const direct = options['webrtc-direct-port'] ?? options.port
const webrtcDirectPort = direct === 'off' ? undefined : readPort(COMMAND, 'webrtc-direct-port', direct)

const relay = await openRelay(options.data, {
  host: options.host,
  port,
  announce: options.announce,
  ...(webrtcDirectPort === undefined ? {} : { webrtcDirectPort }),
}).catch((error: unknown) => failToStart(error, port))

/** What others can dial: not this machine's own loopback, unless there is nothing else. */
const published = () => {
  const elsewhere = relay.addresses().filter((address) => !/^\/(ip4\/127\.|ip6\/::1\/)/.test(address))
  return elsewhere.length > 0 ? elsewhere : relay.addresses()
}

const http = await startHttpServer({
  host: options['http-host'],
  port: httpPort,
  routes: relayRoutes(relay, published),
}).catch((error: unknown) => failToStart(error, httpPort))

untilStopped(async () => Promise.all([http.stop(), relay.stop()]))

console.log(`Relay ${relay.peer}`)
for (const address of relay.addresses()) console.log(`  ${address}`)
for (const warning of relay.warnings) console.warn(warning)
console.log(`Put this in relays.json beside the app:\n${JSON.stringify({ relays: published() })}`)
console.log(`Health and metrics: http://${options['http-host']}:${http.port}/health and /metrics`)
