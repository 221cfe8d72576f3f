import { compareBytes, hash } from './hash.ts'
import type { PeerId } from './peer-id.ts'
import type { EngineKind } from './states.ts'

export interface Ticket {
  readonly peer: PeerId
  readonly engine: EngineKind
  /** Equal numbers are one introducer tree. 0, or absent: of none, which all those who are of none share. */
  readonly tree?: number
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
 * Who sits: the first of each introducer tree in the lot's order, then the first of the others, those who are absent passed over: keys are
 * free, introductions are not. Where two or more sit and anybody present offers a cpu, at least one cpu sits: the first in that order, on
 * the last seat. Whoever sits keeps the seat when others become absent: who is whose first is counted before anybody is.
 */
export function seatsDue(
  order: readonly Ticket[],
  { seats, absent = [] }: { seats: number; absent?: readonly PeerId[] },
): readonly Ticket[] {
  const present = spread(order).filter((ticket) => !absent.includes(ticket.peer))
  const cpu = present.findIndex((ticket) => ticket.engine === 'cpu')
  return seats < 2 || cpu < seats
    ? present.slice(0, seats)
    : [...present.slice(0, seats - 1), ...present.slice(cpu, cpu + 1)]
}

/** One of each tree first, in the lot's order, then everybody else in it. */
function spread(order: readonly Ticket[]): readonly Ticket[] {
  const isFirst = ({ tree = 0 }: Ticket, i: number) => order.findIndex((other) => (other.tree ?? 0) === tree) === i
  return [...order.filter(isFirst), ...order.filter((ticket, i) => !isFirst(ticket, i))]
}

/** The tickets of accepts, with the trees that an AWARD names for them. */
export const ticketsOf = (
  accepts: readonly { readonly author: PeerId; readonly message: { readonly engine: EngineKind } }[],
  trees: readonly number[] | undefined,
): readonly Ticket[] =>
  accepts.map(({ author, message: { engine } }, i) => ({
    peer: author,
    engine,
    ...(trees ? { tree: trees[i] ?? 0 } : {}),
  }))

/** Numbers the trees of those who accepted, as an AWARD does. Undefined where nobody is of any. */
export function numberTrees(peers: readonly PeerId[], trees: ReadonlyMap<PeerId, PeerId>): number[] | undefined {
  const roots = peers.map((peer) => trees.get(peer))
  const distinct = [...new Set(roots.filter((root) => root !== undefined))]
  return distinct.length === 0 ? undefined : roots.map((root) => (root === undefined ? 0 : distinct.indexOf(root) + 1))
}
