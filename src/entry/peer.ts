import { statSync } from 'node:fs'
import { startHttpServer } from '../adapters/http/server.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { isCid } from '../domain/cids.ts'
import { sentence, faultOf } from '../domain/fault.ts'
import { JUROR_POLICIES, serveByPolicy, type JurorPolicy } from '../peer/governance/serve-by-policy.ts'
import { awaitRelays } from './await-relays.ts'
import { checkRelays } from './check-relays.ts'
import { misuse, readCommandLine, readPort, type Command } from './command-line.ts'
import { hostUnder } from './host-under.ts'
import { caseNews, peerStatus, relayNews, selfDescription } from './peer-announcements.ts'
import { provideModel } from './provide-model.ts'
import { openImportMemory } from './remember-imports.ts'
import { statusRoutes } from './status-routes.ts'
import { failToStart, untilStopped } from './until-stopped.ts'
import { readWanted, type ForeignModel, type RoomModel } from './wanted-model.ts'

const COMMAND = {
  name: 'npm run peer --',
  summary: 'Runs a peer without a browser, so that a room always holds its models and somebody computes.',
  options: {
    'room': { type: 'string', value: 'ROOM', default: 'commons', help: 'the room, as in the address of the app' },
    'pin': {
      type: 'string',
      value: 'MODEL',
      multiple: true,
      help: 'a model to fetch and keep: its id, a name, name@version or publisher/name@version as the room lists it; or one to import: a file, a web address, owner/name of Hugging Face',
    },
    'relay': { type: 'string', value: 'MULTIADDR', multiple: true, help: 'a relay; instead of those of --app' },
    'app': {
      type: 'string',
      value: 'URL',
      default: 'http://localhost:8080',
      help: 'where the app is served, with a relays.json beside it',
    },
    'data': {
      type: 'string',
      value: 'DIR',
      default: '.moot/peer',
      help: 'where its key and models are kept; one for each peer',
    },
    'cache': { type: 'string', value: 'MB', default: '4096', help: 'megabytes of models kept at most' },
    'duty': {
      type: 'string',
      value: '10|25|50|100',
      default: '25',
      help: 'percent of its time that it computes at most',
    },
    'watch': { type: 'boolean', help: 'host models and compute nothing' },
    'charter': {
      type: 'string',
      value: 'CID',
      help: 'the charter to sign, as the link to the room names it; looks on until somebody brings its text',
    },
    'juror': {
      type: 'string',
      value: JUROR_POLICIES.join('|'),
      help: 'serve on juries by this policy, which each vote states: run the model again, or vote one way whatever the case',
    },
    'http-port': { type: 'string', value: 'PORT', default: '9092', help: 'TCP port of /health and /metrics' },
    'http-host': { type: 'string', value: 'ADDRESS', default: '127.0.0.1', help: 'address to listen on for those' },
  },
} as const satisfies Command

/** Characters of the longest room name, as in an OFFER. */
const MAX_ROOM = 128
/** Megabytes of the smallest cache: the models that come with the app, and one more. */
const LEAST_CACHE = 16

const { options } = readCommandLine(COMMAND)
const settings = { watching: options.watch, duty: readDuty(options.duty), cacheBytes: readCache(options.cache) }
const httpPort = readPort(COMMAND, 'http-port', options['http-port'])
if (options.room === '' || options.room.length > MAX_ROOM)
  misuse(COMMAND, `--room takes a name of 1 to ${MAX_ROOM} characters.`)
checkRelays(COMMAND, options.relay)
const app = readApp(options.app)
const wanted = options.pin.map(readPin)
const policy = readPolicy(options.juror)
const charter = readCharterId(options.charter)

/** Others name some of what is said: nothing in it is to move a terminal's cursor. */
const say = (sentence: string): void => console.log(sentence.replace(/[^\P{Cc}\n]/gu, '\ufffd'))

// Whatever a peer sends, and whatever a library makes of it: who is always on goes on.
process.on('unhandledRejection', (reason) => say(`Something failed, and the peer goes on: ${String(reason)}`))

const stop = new AbortController()
const opened: { stop(): Promise<unknown> }[] = []
untilStopped(async () => {
  stop.abort()
  await Promise.all(opened.map((part) => part.stop()))
})

try {
  const { signal } = stop
  const clock = systemClock
  const relays = options.relay.length > 0 ? options.relay : await awaitRelays(app, { say, clock, signal })
  const asked = { room: options.room, relays, data: options.data, settings, ...(charter ? { charter } : {}) }
  const hosting = await hostUnder(asked, { say, signal })
  opened.push(hosting)
  const { peer } = hosting
  if (policy) {
    const stopServing = serveByPolicy(peer, policy)
    opened.push({ stop: async () => stopServing() })
    say(`Serves on juries by the policy ${policy}.`)
  }
  const { 'http-host': httpHost } = options
  const http = await startHttpServer({ host: httpHost, port: httpPort, routes: statusRoutes(peerStatus(peer)) })
  opened.push(http)
  say(selfDescription(peer.view, options.data))
  say(`Health and metrics: http://${httpHost}:${http.port}/health and /metrics`)
  const tellRelays = relayNews(say)
  tellRelays(peer.view)
  peer.subscribe(tellRelays)
  const tellCases = caseNews(say)
  peer.subscribe(() => tellCases(peer.governance.view))
  const memory = await openImportMemory(options.data)
  await Promise.all(wanted.map((model) => provideModel({ peer, say, clock, signal }, memory, model)))
} catch (error) {
  if (!stop.signal.aborted) {
    await Promise.allSettled(opened.map((part) => part.stop()))
    failToStart(error, httpPort, '--http-port')
  }
}

function readDuty(text: string): number {
  if (!['10', '25', '50', '100'].includes(text)) misuse(COMMAND, `--duty takes 10, 25, 50 or 100, and got "${text}".`)
  return Number(text) / 100
}

function readPolicy(text: string | undefined): JurorPolicy | undefined {
  const policy = JUROR_POLICIES.find((each) => each === text)
  if (text !== undefined && policy === undefined)
    misuse(COMMAND, `--juror takes ${JUROR_POLICIES.join(', ')}, and got "${text}".`)
  return policy
}

function readCharterId(text: string | undefined): string | undefined {
  if (text !== undefined && !isCid(text))
    misuse(COMMAND, `--charter takes the CID of a charter, as in bafyrei…, and got "${text}".`)
  return text
}

function readCache(text: string): number {
  const megabytes = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (megabytes < LEAST_CACHE)
    misuse(COMMAND, `--cache takes a number of megabytes from ${LEAST_CACHE} up, and got "${text}".`)
  return megabytes * 1e6
}

function readApp(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    misuse(COMMAND, `--app takes the address of the app, as in https://example.org/moot/, and got "${text}".`)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function readPin(text: string): RoomModel | ForeignModel {
  try {
    return readWanted(text, (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
  } catch (error) {
    return misuse(COMMAND, `--pin ${text}: ${sentence(faultOf(error))}`)
  }
}
