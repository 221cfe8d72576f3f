import type { IncomingMessage, Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** The request as it came, line by line, for the server behind. */
const head = ({ method, url, httpVersion, rawHeaders }: IncomingMessage): string => {
  const fields = rawHeaders.flatMap((text, at) => (at % 2 === 0 ? [`${text}: ${rawHeaders[at + 1]}`] : []))
  return [`${method} ${url} HTTP/${httpVersion}`, ...fields, '', ''].join('\r\n')
}

/**
 * Hands WebSocket upgrades on to a server on loopback, byte for byte, so that one port serves the app and the relay.
 * Returns the way to close all that are open.
 */
export function tunnelUpgrades(
  server: Server,
  port: number,
  allows: (request: IncomingMessage) => boolean,
): () => void {
  const open = new Set<Duplex>()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, first: Buffer) => {
    if (!allows(request) || request.headers.upgrade?.toLowerCase() !== 'websocket') return void socket.destroy()
    const behind = connect(port, '127.0.0.1')
    const close = () => {
      socket.destroy()
      behind.destroy()
      open.delete(socket)
    }
    open.add(socket)
    for (const end of [socket, behind]) end.on('error', close).on('close', close)
    behind.setNoDelay(true)
    behind.write(head(request))
    behind.write(first)
    socket.pipe(behind).pipe(socket)
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}
