import { hostname } from 'node:os'
import { serveApp } from '../adapters/http/app.ts'
import { lanCertificate } from '../adapters/http/certificate.ts'
import { lanAddresses } from '../adapters/http/lan-addresses.ts'
import { originFromUrl, originOf, relayAddress, type Origin } from '../adapters/http/origin.ts'
import { startHttpServer } from '../adapters/http/server.ts'
import { buildIfNeeded, DIST } from './build-app.ts'
import { checkRelays } from './check-relays.ts'
import { misuse, readCommandLine, readPort, type Command } from './command-line.ts'
import { openRelay, relayRoutes, webSocketPort } from './relay-service.ts'
import {
  deploymentAnnouncement,
  insecureAnnouncement,
  lanAnnouncement,
  localAnnouncement,
} from './start-announcements.ts'
import { failToStart, untilStopped } from './until-stopped.ts'

const COMMAND = {
  name: 'npm start --',
  summary: 'Builds the app if needed, and serves it and a relay from one process and one port.',
  options: {
    'port': { type: 'string', value: 'PORT', default: '8080', help: 'port to listen on' },
    'host': { type: 'string', value: 'ADDRESS', help: 'address to listen on (127.0.0.1; with --https 0.0.0.0)' },
    'https': { type: 'boolean', help: 'serve this network too, phones among it, with a self-signed certificate' },
    'public-url': { type: 'string', value: 'URL', help: 'where a web server publishes this; prints what you deploy' },
    'relay': {
      type: 'string',
      value: 'MULTIADDR',
      multiple: true,
      help: 'another relay that tabs use beside this one',
    },
    'data': { type: 'string', value: 'DIR', default: '.moot', help: 'where the key and the certificates are kept' },
    'no-build': { type: 'boolean', help: 'serve dist as it is' },
  },
} as const satisfies Command

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

const { options } = readCommandLine(COMMAND)
const askedPort = readPort(COMMAND, 'port', options.port)
checkRelays(COMMAND, options.relay)
const publicUrl = readPublicUrl(options['public-url'])
const host = options.host ?? (options.https ? '0.0.0.0' : '127.0.0.1')
const local = LOOPBACK.includes(host)
const lan = local ? [] : lanAddresses()
const name = hostname().toLowerCase()
const hosts = [
  ...LOOPBACK,
  host,
  ...lan,
  ...(local ? [] : [name, `${name}.local`]),
  ...(publicUrl ? [publicUrl.hostname] : []),
]

const stop = new AbortController()
const opened: { stop(): Promise<void> }[] = []
untilStopped(async () => {
  stop.abort()
  await Promise.all(opened.map((part) => part.stop()))
})

try {
  if (!options['no-build']) await buildIfNeeded({ signal: stop.signal })
  const relay = await openRelay(options.data, {
    host: '127.0.0.1',
    port: 0,
    ...(lan.length > 0 ? { webrtcDirectHost: host, webrtcDirectPort: askedPort } : {}),
  })
  opened.push(relay)
  const directly = relay.addresses().filter((address) => lan.some((ip) => address.includes(`/${ip}/udp/`)))
  const relaysFor = (origin: Origin | undefined) => [
    ...(origin ? [relayAddress(publicUrl ? originFromUrl(publicUrl) : origin, relay.peer)] : []),
    ...directly.filter((address) => origin && address.includes(`/${origin.host}/udp/`)),
    ...options.relay,
  ]
  const server = await startHttpServer({
    host,
    port: askedPort,
    hosts,
    routes: relayRoutes(relay, (request) => relaysFor(originOf(request))),
    otherwise: serveApp(DIST),
    upgradeTo: webSocketPort(relay),
    ...(options.https ? { certificate: await lanCertificate(options.data, ['127.0.0.1', ...lan]) } : {}),
  })
  opened.push(server)
  const origins = publicUrl
    ? [originFromUrl(publicUrl)]
    : [...lan, 'localhost'].map((name) => ({ secure: options.https, host: name, port: server.port }))
  // where it really listens is a port of loopback, which no tab is to dial
  relay.announce([...origins.map((origin) => relayAddress(origin, relay.peer)), ...directly])
  if (publicUrl) {
    const relays = relaysFor(originFromUrl(publicUrl))
    console.log(deploymentAnnouncement({ url: publicUrl, answersAt: `${host}:${server.port}`, relays }))
  } else if (options.https) console.log(lanAnnouncement(server.port, lan))
  else console.log(local ? localAnnouncement(server.port) : insecureAnnouncement(server.port))
} catch (error) {
  if (!stop.signal.aborted) failToStart(error, askedPort)
}

function readPublicUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.search || url.hash) {
    misuse(COMMAND, `--public-url takes an https address, as in https://example.org/moot/, and got "${text}".`)
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}
