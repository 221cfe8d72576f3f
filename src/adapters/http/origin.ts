import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Where a browser reached us, as its address bar has it. */
export interface Origin {
  readonly secure: boolean
  /** A DNS name, or an IP address without brackets. */
  readonly host: string
  readonly port: number
}

/** Letters of a host as RFC 3986 has them in practice: a DNS name, an IPv4 address, or a bracketed IPv6 address; then a port. */
const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?))(?::(\d{1,5}))?$/i

/** The origin that a request names, or `undefined` where its Host header is not strictly a host and a port. */
export function originOf(request: IncomingMessage): Origin | undefined {
  const secure = 'encrypted' in request.socket
  const [, ip6, name, port = secure ? '443' : '80'] = HOST.exec(request.headers.host ?? '') ?? []
  const host = (ip6 ?? name)?.toLowerCase()
  if (!host || (ip6 && isIP(ip6) !== 6) || Number(port) > 65_535) return undefined
  return { secure, host, port: Number(port) }
}

export function originFromUrl(url: URL): Origin {
  const secure = url.protocol === 'https:'
  return { secure, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (secure ? 443 : 80)) }
}

/** The multiaddr by which a tab reaches, over a WebSocket to this origin, the relay that answers behind it. */
export function relayAddress({ secure, host, port }: Origin, relay: string): string {
  const protocol = { 0: 'dns4', 4: 'ip4', 6: 'ip6' }[isIP(host)]
  return `/${protocol}/${host}/tcp/${port}${secure ? '/tls' : ''}/ws/p2p/${relay}`
}
