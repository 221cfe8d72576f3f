import type { PeerId } from '../domain/peer-id.ts'
import type { Clock } from '../ports/clock.ts'
import type { Net } from '../ports/net.ts'
import type { Control } from '../protocols/control/index.ts'
import type { Presence } from '../protocols/presence/index.ts'

/** Milliseconds after which a hello cannot be what its author said before our link with it came up. */
const SETTLED = 3_000

export interface StaleLinkComponents {
  readonly net: Pick<Net, 'disconnect' | 'on'>
  readonly presence: Pick<Presence, 'on' | 'forget'>
  readonly control: Pick<Control, 'on'>
  readonly clock: Clock
}

/**
 * Lets go of links whose far end is gone, before the transport's pings notice: of whoever says goodbye, and of whoever
 * says hello over a link that we have held for long, since a reloaded or crashed tab comes back with the same key. Only
 * then will it be dialled again. Returns the way to stop.
 */
export function dropStaleLinks({ net, presence, control, clock }: StaleLinkComponents): () => void {
  const linkedAt = new Map<PeerId, number>()
  const stops = [
    net.on('link', ({ peer }) => linkedAt.set(peer, linkedAt.get(peer) ?? clock.now())),
    net.on('unlink', ({ peer }) => linkedAt.delete(peer)),
    presence.on('hello', ({ peer }) => {
      if (clock.now() - (linkedAt.get(peer) ?? Number.POSITIVE_INFINITY) > SETTLED) void net.disconnect(peer)
    }),
    control.on('goodbye', ({ peer, seq }) => {
      presence.forget(peer, seq)
      void net.disconnect(peer)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
