import type { Draws } from './chance.ts'

/** Who wins a decision when nothing but the rule of the draw decides: `count` different peers, fewer where there are fewer. */
export type DrawWinners = (count: number) => readonly number[]

/** Draws that met a peer who sits already, before it is left at those who were found: rules that give almost all to one come to that. */
const MAX_MISSES = 64

/** Each of the peers as likely as the others. */
export const equally = (draws: Draws, peers: readonly number[]): DrawWinners =>
  distinct(() => peers[draws.below(peers.length)] ?? 0, peers.length)

/** In proportion to weights, of which one is positive. */
export function byWeight(draws: Draws, peers: readonly number[], weights: readonly number[]): DrawWinners {
  const heavy = peers.flatMap((peer, i) => ((weights[i] ?? 0) > 0 ? [{ peer, weight: weights[i] ?? 0 }] : []))
  const ends = new Float64Array(heavy.length)
  let total = 0
  for (const [i, { weight }] of heavy.entries()) ends[i] = total += weight
  return distinct(() => {
    const at = draws.unit() * total
    let [low, high] = [0, heavy.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (at < (ends[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return heavy[low]?.peer ?? 0
  }, heavy.length)
}

/**
 * A Pólya urn: each peer as likely as one more than the seats that it had so far. What neutral rules with honest people come to where who is known
 * is asked again (Eggenberger & Pólya 1923). `arrive` lets in those who came meanwhile.
 */
export function richGetRicher(draws: Draws): {
  readonly draw: DrawWinners
  readonly arrive: (peers: readonly number[]) => void
} {
  const balls: number[] = []
  let peers = 0
  const draw: DrawWinners = (count) => {
    const winners = distinct(() => balls[draws.below(balls.length)] ?? 0, peers)(count)
    for (const winner of winners) balls.push(winner)
    return winners
  }
  return {
    draw,
    arrive: (more) => {
      for (const peer of more) balls.push(peer)
      peers += more.length
    },
  }
}

const distinct =
  (draw: () => number, among: number): DrawWinners =>
  (count) => {
    const winners: number[] = []
    for (let misses = 0; winners.length < Math.min(count, among) && misses < MAX_MISSES;) {
      const peer = draw()
      if (winners.includes(peer)) misses++
      else winners.push(peer)
    }
    return winners
  }
