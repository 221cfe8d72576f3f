import { compareBytes, hash } from '../domain/hash.ts'
import type { PeerId } from '../domain/peer-id.ts'

/** In a room of this many others or fewer everybody links with everybody: an executor is then one direct hop away. */
const SMALL_ROOM = 8
/** Links that a peer seeks in a larger room, and as many that hear a hello answer it: a random graph of degree 4 holds together. */
export const MIN_DEGREE = 4
/** Links from which on a hello is left to others. */
const MAX_DEGREE = 8
/** Links above which some are given up: those sought by others come on top of our own. */
const PRUNE_ABOVE = 12

/** Dials under way at a time: each is a handshake of its own. */
const MAX_DIALS = 2

/** Milliseconds that a peer leaves to the other side, whose turn it is to dial, before it dials itself. */
const GRACE = 2_000

/** Milliseconds for which a newcomer leaves dialling to those that heard its hello. */
const NEWCOMER_GRACE = 1_000

/** RTCPeerConnections of a tab's lifetime: Chrome gives 500. From the first number on a tab links only to leave none unlinked, at the second it stops. */
const SPARING_FROM = 300
const LIFETIME = 450

/** Milliseconds from one failed dial to the next of that peer: doubled each time, up to the longest. */
const FIRST_BACKOFF = 500
const LONGEST_BACKOFF = 30_000

const NEVER = Number.NEGATIVE_INFINITY

export interface Candidate {
  readonly peer: PeerId
  readonly reachable: boolean
  /** When it was first heard of, or last linked with. */
  readonly since: number
  /** When a link by relay came up: it may be the first half of a dial from the other side. */
  readonly relayedAt?: number
  /** When it last said hello. */
  readonly helloAt?: number
  readonly failures: number
  /** No dial before this moment. */
  readonly notBefore: number
}

export interface MeshState {
  readonly self: PeerId
  /** When this peer said its own hello. */
  readonly helloAt: number
  readonly room: readonly Candidate[]
  /** Peers with a direct link. */
  readonly linked: ReadonlySet<PeerId>
  readonly dialing: ReadonlySet<PeerId>
  /** Links that something under way needs. */
  readonly busy: ReadonlySet<PeerId>
  /** Connections made or tried since this tab opened. */
  readonly spent: number
}

export interface MeshPlan {
  readonly dial: readonly PeerId[]
  readonly drop: readonly PeerId[]
  /** When to plan again though nothing has happened. */
  readonly again?: number
}

/**
 * Whom to link with now. Of two peers the one with the smaller id dials; the other one does so after `GRACE`, should
 * the first be content with what it has. But on a newcomer's hello whoever heard it dials, if it is among those nearest to the newcomer by
 * hash: so a first link needs one message, and a full room sends four dials and not a hundred. A newcomer waits
 * `NEWCOMER_GRACE` for them, unless the other is a newcomer too. Nearness is as good as random and the same from both ends.
 */
export function planMesh(state: MeshState, now: number): MeshPlan {
  const { linked, dialing, spent } = state
  const open = state.room.filter(({ peer, reachable }) => reachable && !linked.has(peer) && !dialing.has(peer))
  const degree = linked.size + dialing.size
  const wanted = wantedDegree(state)
  const due: PeerId[] = []
  let again = Number.POSITIVE_INFINITY
  for (const candidate of nearest(state.self, open)) {
    const at = dialAt(state, candidate, degree < wanted, now)
    if (at <= now) due.push(candidate.peer)
    else again = Math.min(again, at)
  }
  const room = spent >= LIFETIME ? 0 : Math.min(MAX_DIALS - dialing.size, MAX_DEGREE - degree)
  return {
    dial: due.slice(0, Math.max(0, room)),
    drop: surplus(state),
    ...(Number.isFinite(again) ? { again } : {}),
  }
}

/** Milliseconds to wait after the given number of failures; `draw` (0 to 1) spreads them by half either way. */
export const backoff = (failures: number, draw: number): number =>
  Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (failures - 1)) * (0.5 + draw)

function wantedDegree({ room, spent }: MeshState): number {
  if (spent >= SPARING_FROM) return 1
  return room.length <= SMALL_ROOM ? SMALL_ROOM : MIN_DEGREE
}

/** From when on it is our turn to dial; never (infinite) while we have what we want. */
function dialAt(state: MeshState, candidate: Candidate, wanting: boolean, now: number): number {
  const { peer, helloAt = NEVER, relayedAt = NEVER, since } = candidate
  const notBefore = Math.max(candidate.notBefore, relayedAt + GRACE)
  const isNew = (saidAt: number) => now - saidAt < GRACE
  const weAreNew = now - state.helloAt < NEWCOMER_GRACE
  const smaller = state.self < peer
  const greets = isNew(helloAt) && !weAreNew && state.spent < SPARING_FROM && isGreeter(state, peer)
  if (greets) return notBefore
  if (!wanting) return Number.POSITIVE_INFINITY
  if (weAreNew && !(smaller && isNew(helloAt))) return Math.max(notBefore, state.helloAt + NEWCOMER_GRACE)
  return smaller ? notBefore : Math.max(notBefore, since + GRACE, helloAt + GRACE)
}

/** Whether we are among those that answer a newcomer's hello by dialling. */
function isGreeter({ self, room }: MeshState, newcomer: PeerId): boolean {
  const greeters = room.length <= SMALL_ROOM ? SMALL_ROOM : MIN_DEGREE
  const ours = distance(self, newcomer)
  const nearer = room.filter(({ peer }) => peer !== newcomer && compareBytes(distance(peer, newcomer), ours) < 0)
  return nearer.length < greeters
}

/** Idle links past the most we keep, the farthest first. */
function surplus({ self, linked, busy, room }: MeshState): readonly PeerId[] {
  const excess = linked.size - PRUNE_ABOVE
  if (excess <= 0) return []
  const known = new Set(room.map(({ peer }) => peer))
  const idle = [...linked].filter((peer) => known.has(peer) && !busy.has(peer)).map((peer) => ({ peer }))
  return nearest(self, idle)
    .slice(-excess)
    .map(({ peer }) => peer)
}

function nearest<T extends { readonly peer: PeerId }>(self: PeerId, peers: readonly T[]): readonly T[] {
  return peers
    .map((peer) => ({ peer, distance: distance(self, peer.peer) }))
    .sort((a, b) => compareBytes(a.distance, b.distance))
    .map(({ peer }) => peer)
}

const distance = (a: PeerId, b: PeerId): Uint8Array => hash('moot/mesh', ...(a < b ? [a, b] : [b, a]))
