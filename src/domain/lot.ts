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

/**
 * Everybody who accepted, in the order in which they are seated: the first `seats` execute, the rest replace whoever
 * vanishes, in this order. Where two or more sit and anybody offers a cpu, at least one cpu sits: the first in the order takes the last seat.
 * Whoever knows the secret behind the lot and the accepts gets the same order.
 */
export function castLot(options: {
  secret: Uint8Array
  job: Uint8Array
  seats: number
  tickets: readonly Ticket[]
}): readonly Ticket[] {
  const seed = hash('moot/lot', options.secret, options.job)
  const order = options.tickets
    .map((ticket) => ({ ticket, draw: hash('moot/ticket', seed, ticket.peer) }))
    .toSorted((a, b) => compareBytes(a.draw, b.draw))
    .map(({ ticket }) => ticket)
  const seated = order.slice(0, options.seats)
  const cpu = order.findIndex((ticket) => ticket.engine === 'cpu')
  if (options.seats < 2 || cpu < seated.length) return order
  const last = seated.length - 1
  return [...order.slice(0, last), ...order.slice(cpu, cpu + 1), ...order.slice(last, cpu), ...order.slice(cpu + 1)]
}
