import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from './certificate.ts'
import { originOf } from './origin.ts'
import { tunnelUpgrades } from './tunnel.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export interface HttpServerInit {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly certificate?: Certificate
  /** Handlers by exact path. GET and HEAD only. */
  readonly routes: Readonly<Record<string, Handler>>
  /** Answers what no route does. */
  readonly otherwise?: Handler
  /** Hosts that a browser may have named; all where absent. Others are refused, so that no foreign name is pointed at this machine. */
  readonly hosts?: readonly string[]
  /** The port on loopback of the WebSocket server to which upgrades are handed on. */
  readonly upgradeTo?: number
}

export interface HttpServer {
  readonly port: number
  /** Closes the listening socket and every connection, upgraded ones too. */
  stop(): Promise<void>
}

/** Bytes. Browsers send under 2 KiB here: there are no cookies. */
const MAX_HEADER_BYTES = 8192
/** Milliseconds in which a request's headers must have come. */
const HEADERS_TIMEOUT_MS = 10_000
/** Milliseconds in which a whole request must have come. */
const REQUEST_TIMEOUT_MS = 30_000
/** More than the relay takes: each tab holds one upgraded connection and a few short ones while it loads. */
const MAX_CONNECTIONS = 4096

/** Listens, and rejects with the system's error where the port is taken or forbidden. */
export async function startHttpServer(init: HttpServerInit): Promise<HttpServer> {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  }
  const server = init.certificate ? createSecureServer({ ...limits, ...init.certificate }) : createServer(limits)
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void answer(init, request, response))
  const allows = (request: IncomingMessage) => isAllowed(request, init.hosts)
  const closeTunnels = init.upgradeTo === undefined ? () => {} : tunnelUpgrades(server, init.upgradeTo, allows)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(init.port, init.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      closeTunnels()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers with a few lines of text. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(text)
}

/** Answers with JSON that pages of any origin may read. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('access-control-allow-origin', '*')
  sendText(response, status, `${JSON.stringify(value)}\n`, 'application/json')
}

async function answer(init: HttpServerInit, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (!isAllowed(request, init.hosts)) return sendText(response, 421, 'This server does not answer to that name.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendText(response, 405, 'Only GET and HEAD work here.\n')
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const handler = Object.hasOwn(init.routes, path) ? init.routes[path] : init.otherwise
    if (!handler) return sendText(response, 404, 'There is nothing here.\n')
    await handler(request, response)
  } catch {
    if (response.headersSent) response.destroy()
    else sendText(response, 500, 'This failed. All else goes on.\n')
  }
}

function isAllowed(request: IncomingMessage, hosts: HttpServerInit['hosts']): boolean {
  const origin = originOf(request)
  return origin !== undefined && (hosts === undefined || hosts.includes(origin.host))
}
