import type { PeerId } from '../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../ports/clock.ts'
import type { Net } from '../ports/net.ts'
import type { Presence } from '../protocols/presence/index.ts'
import { backoff, planMesh, type Candidate } from './mesh-plan.ts'

/** Milliseconds for one dial, its relayed part included: libp2p's own 6 s fail on a loaded machine. */
const DIAL_TIMEOUT = 25_000

export interface MeshComponents {
  readonly net: Pick<Net, 'self' | 'links' | 'relays' | 'connect' | 'disconnect' | 'on'>
  readonly presence: Pick<Presence, 'list' | 'get' | 'on'>
  readonly clock: Clock
  readonly random: RandomBytes
}

export interface MeshInit {
  /** Whether something under way needs the link to a peer: it is then not pruned. Default: nothing does. */
  readonly isBusy?: (peer: PeerId) => boolean
  /** Peers that this device wants nothing to do with. Default: none. */
  readonly isBlocked?: (peer: PeerId) => boolean
}

interface Attempts {
  failures: number
  notBefore: number
}

/** Keeps this peer linked with some of its room, until the returned function is called. `mesh-plan` says with whom. */
export function maintainMesh(init: MeshInit, { net, presence, clock, random }: MeshComponents): () => void {
  const { isBusy = () => false, isBlocked = () => false } = init
  const stopped = new AbortController()
  const dialing = new Set<PeerId>()
  const attempts = new Map<PeerId, Attempts>()
  const hellos = new Map<PeerId, number>()
  const parted = new Map<PeerId, number>()
  const relayed = new Map<PeerId, number>()
  const helloAt = clock.now()
  let spent = 0
  let wake: (() => void) | undefined

  const linked = (): ReadonlySet<PeerId> =>
    new Set(net.links().flatMap(({ peer, path }) => (path === 'direct' ? [peer] : [])))

  const room = (): readonly Candidate[] =>
    presence
      .list()
      .filter(({ peer }) => !isBlocked(peer))
      .map(({ peer, addresses, firstSeen }) => {
        const [said, relayedAt] = [hellos.get(peer), relayed.get(peer)]
        return {
          peer,
          since: Math.max(firstSeen, parted.get(peer) ?? 0),
          reachable: addresses.length > 0,
          ...(attempts.get(peer) ?? { failures: 0, notBefore: 0 }),
          ...(said === undefined ? {} : { helloAt: said }),
          ...(relayedAt === undefined ? {} : { relayedAt }),
        }
      })

  function plan(): void {
    wake?.()
    wake = undefined
    const introduced = net.relays().some(({ connected }) => connected)
    if (stopped.signal.aborted || !introduced) return
    const now = clock.now()
    const links = linked()
    const busy = new Set([...links].filter(isBusy))
    const { dial, drop, again } = planMesh(
      { self: net.self, helloAt, room: room(), linked: links, dialing, busy, spent },
      now,
    )
    for (const peer of drop) void net.disconnect(peer)
    for (const peer of dial) void connect(peer)
    if (again !== undefined) wake = clock.after(again - now, plan)
  }

  async function connect(peer: PeerId): Promise<void> {
    const giveUp = new AbortController()
    const late = clock.after(DIAL_TIMEOUT, () => giveUp.abort(new DOMException('too late', 'TimeoutError')))
    dialing.add(peer)
    try {
      const signal = AbortSignal.any([stopped.signal, giveUp.signal])
      await net.connect(peer, presence.get(peer)?.addresses ?? [], { signal })
      attempts.delete(peer)
    } catch {
      spent++
      const failures = (attempts.get(peer)?.failures ?? 0) + 1
      attempts.set(peer, { failures, notBefore: clock.now() + backoff(failures, (random(1)[0] ?? 0) / 256) })
    } finally {
      late()
      dialing.delete(peer)
      plan()
    }
  }

  const off = [
    presence.on('presence', plan),
    presence.on('hello', ({ peer }) => {
      hellos.set(peer, clock.now())
      plan()
    }),
    presence.on('gone', ({ peer }) => {
      for (const known of [attempts, hellos, parted]) known.delete(peer)
    }),
    net.on('link', ({ peer, path }) => {
      relayed.delete(peer)
      if (path === 'direct') spent++
      else relayed.set(peer, clock.now())
      plan()
    }),
    net.on('unlink', ({ peer }) => {
      relayed.delete(peer)
      if (presence.get(peer)) parted.set(peer, clock.now())
      plan()
    }),
    net.on('relay', () => {
      // what failed without a relay says nothing of what will with one
      attempts.clear()
      plan()
    }),
  ]
  plan()
  return () => {
    stopped.abort()
    wake?.()
    for (const stop of off) stop()
  }
}
