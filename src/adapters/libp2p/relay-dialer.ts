import type { Connection, Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { MootError } from '../../domain/fault.ts'
import type { RelayStatus } from '../../ports/net.ts'
import { pathOf } from './links.ts'
import { readRelayAddress } from './relay-address.ts'

/** Milliseconds before the next try: a relay that restarts is back within seconds, and a room of 100 must not hit it at once. */
const FIRST_WAIT = 500
const LONGEST_WAIT = 8_000

/** Milliseconds for one try over all addresses of a relay. */
const DIAL_TIMEOUT = 10_000

/** Relays that a peer holds at a time; more are ignored. */
const MAX_RELAYS = 8

interface Relay {
  readonly peer: string
  readonly addresses: Multiaddr[]
  connected: boolean
  wait: number
  retry: ReturnType<typeof setTimeout> | undefined
}

export interface RelayDialerInit {
  /** Multiaddrs ending in `/p2p/…`; several of one relay count as one. Others are left out; throws `MALFORMED` where all are others. */
  readonly relays: readonly string[]
  readonly onStatus: (status: RelayStatus) => void
}

/** Keeps a connection to every relay, for ever: libp2p by itself gives up after half a minute. */
export class RelayDialer {
  readonly #relays: readonly Relay[]
  readonly #init: RelayDialerInit
  readonly #stopped = new AbortController()
  #node: Libp2p | undefined

  constructor(init: RelayDialerInit) {
    this.#init = init
    this.#relays = byPeer(init.relays)
  }

  get count(): number {
    return this.#relays.length
  }

  statuses(): readonly RelayStatus[] {
    return this.#relays.map(statusOf)
  }

  /** Dials all relays at once. */
  start(node: Libp2p): void {
    this.#node = node
    const { signal } = this.#stopped
    globalThis.addEventListener?.('online', () => this.#retryNow(), { signal })
    for (const relay of this.#relays) void this.#dial(relay)
  }

  stop(): void {
    this.#stopped.abort()
    for (const relay of this.#relays) clearTimeout(relay.retry)
  }

  opened(connection: Connection): void {
    const relay = this.#of(connection)
    if (!relay || relay.connected) return
    clearTimeout(relay.retry)
    relay.wait = FIRST_WAIT
    this.#set(relay, true)
  }

  closed(connection: Connection): void {
    const relay = this.#of(connection)
    if (!relay || this.#held(relay)) return
    this.#set(relay, false)
    this.#later(relay)
  }

  async #dial(relay: Relay): Promise<void> {
    if (!this.#node || this.#stopped.signal.aborted || this.#held(relay)) return
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DIAL_TIMEOUT)])
      await this.#node.dial(relay.addresses, { signal })
    } catch {
      this.#later(relay)
    }
  }

  #later(relay: Relay): void {
    if (this.#stopped.signal.aborted) return
    clearTimeout(relay.retry)
    relay.retry = setTimeout(() => void this.#dial(relay), relay.wait * (0.5 + Math.random()))
    relay.wait = Math.min(relay.wait * 2, LONGEST_WAIT)
  }

  #retryNow(): void {
    for (const relay of this.#relays) {
      relay.wait = FIRST_WAIT
      clearTimeout(relay.retry)
      void this.#dial(relay)
    }
  }

  #set(relay: Relay, connected: boolean): void {
    if (relay.connected === connected) return
    relay.connected = connected
    this.#init.onStatus(statusOf(relay))
  }

  #of(connection: Connection): Relay | undefined {
    const peer = connection.remotePeer.toString()
    return pathOf(connection) ? undefined : this.#relays.find((relay) => relay.peer === peer)
  }

  #held(relay: Relay): boolean {
    const connections = this.#node?.getConnections() ?? []
    return connections.some((connection) => connection.status === 'open' && this.#of(connection) === relay)
  }
}

const statusOf = ({ addresses, connected }: Relay): RelayStatus => ({ address: String(addresses[0]), connected })

/** Relays by their addresses. One that is none is left out, as long as others are some. */
function byPeer(relays: readonly string[]): Relay[] {
  const found = new Map<string, Relay>()
  const wrong: MootError[] = []
  for (const text of relays) {
    try {
      const { address, peer } = readRelayAddress(text)
      const known = found.get(peer)
      if (known) known.addresses.push(address)
      else if (found.size < MAX_RELAYS) {
        found.set(peer, { peer, addresses: [address], connected: false, wait: FIRST_WAIT, retry: undefined })
      }
    } catch (error) {
      if (!(error instanceof MootError)) throw error
      wrong.push(error)
    }
  }
  if (found.size === 0 && wrong[0]) throw wrong[0]
  return [...found.values()]
}
