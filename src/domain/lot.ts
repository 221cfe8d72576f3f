import { compareBytes, hash } from './hash.ts'
import type { PeerId } from './peer-id.ts'
import type { EngineKind } from './states.ts'

export interface Ticket {
  readonly peer: PeerId
  readonly engine: EngineKind
}

/**
 * The job's name: nobody can know it before the accepts are in, and with it the lot is cast. `offer` and `accepts` are
 * message digests; the order of the accepts does not matter.
 */
export const jobIdOf = (offer: Uint8Array, accepts: readonly Uint8Array[]): Uint8Array =>
  hash('moot/job', offer, accepts.toSorted(compareBytes))

/** Everybody who accepted, in the order of the lot. Whoever knows the secret behind it and the accepts gets the same order. */
export function castLot(options: {
  secret: Uint8Array
  job: Uint8Array
  tickets: readonly Ticket[]
}): readonly Ticket[] {
  const seed = hash('moot/lot', options.secret, options.job)
  return options.tickets
    .map((ticket) => ({ ticket, draw: hash('moot/ticket', seed, ticket.peer) }))
    .toSorted((a, b) => compareBytes(a.draw, b.draw))
    .map(({ ticket }) => ticket)
}

/**
 * Who sits: the first in the lot's order, those who are absent passed over. Where two or more sit and anybody present
 * offers a cpu, at least one cpu sits: the first in the order, on the last seat. Whoever sits keeps the seat when others become absent.
 */
export function seatsDue(
  order: readonly Ticket[],
  { seats, absent = [] }: { seats: number; absent?: readonly PeerId[] },
): readonly Ticket[] {
  const present = order.filter((ticket) => !absent.includes(ticket.peer))
  const cpu = present.findIndex((ticket) => ticket.engine === 'cpu')
  return seats < 2 || cpu < seats
    ? present.slice(0, seats)
    : [...present.slice(0, seats - 1), ...present.slice(cpu, cpu + 1)]
}
