import type { Connection } from '@libp2p/interface'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Link, Path } from '../../ports/net.ts'

/** Milliseconds that a relayed connection outlives the first direct one: streams under way on it may finish. */
const RELAYED_GRACE = 3_000

/** How a connection reaches a peer; undefined for one to a relay, which is no peer of the room. Inbound WebRTC ends in `/webrtc/p2p/…`. */
export function pathOf({ remoteAddr }: Pick<Connection, 'remoteAddr'>): Path | undefined {
  const address = remoteAddr.toString()
  if (/\/webrtc(\/|$)/.test(address)) return 'direct'
  return /\/p2p-circuit(\/|$)/.test(address) ? 'relay' : undefined
}

export interface LinksInit {
  readonly onLink: (link: Link) => void
  readonly onUnlink: (peer: PeerId) => void
}

/** The peers we are linked with, kept in step with libp2p's connections. */
export class Links {
  readonly #connections = new Map<PeerId, Set<Connection>>()
  readonly #paths = new Map<PeerId, Path>()
  readonly #init: LinksInit

  constructor(init: LinksInit) {
    this.#init = init
  }

  list(): readonly Link[] {
    return [...this.#paths].map(([peer, path]) => ({ peer, path }))
  }

  /** The best open connection to a peer. */
  best(peer: PeerId): Connection | undefined {
    const open = [...(this.#connections.get(peer) ?? [])].filter((connection) => connection.status === 'open')
    return open.find((connection) => pathOf(connection) === 'direct') ?? open[0]
  }

  opened(connection: Connection): void {
    const path = pathOf(connection)
    if (!path) return
    const peer = connection.remotePeer.toString()
    const connections = this.#connections.get(peer) ?? new Set()
    this.#connections.set(peer, connections.add(connection))
    if (path === 'direct') setTimeout(() => this.#dropRelayed(peer), RELAYED_GRACE)
    this.#update(peer)
  }

  closed(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const connections = this.#connections.get(peer)
    if (!connections?.delete(connection)) return
    if (connections.size === 0) this.#connections.delete(peer)
    this.#update(peer)
  }

  #update(peer: PeerId): void {
    const before = this.#paths.get(peer)
    const best = this.best(peer)
    const path = best && pathOf(best)
    if (path === before) return
    if (path) {
      this.#paths.set(peer, path)
      this.#init.onLink({ peer, path })
    } else {
      this.#paths.delete(peer)
      this.#init.onUnlink(peer)
    }
  }

  #dropRelayed(peer: PeerId): void {
    if (this.#paths.get(peer) !== 'direct') return
    for (const connection of this.#connections.get(peer) ?? []) {
      if (pathOf(connection) === 'relay') connection.close().catch((error: Error) => connection.abort(error))
    }
  }
}
