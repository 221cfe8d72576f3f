import type { PeerId } from '../peer-id.ts'
import type { Roll } from './roll.ts'
import { Counts } from './tally.ts'

/** Whom each peer is counted with, by number: itself, its tree's root, or the first of its bloc. */
export type ActorOf = (peer: number) => number

export const itself: ActorOf = (peer) => peer

/** Of those whom nobody introduced each stays itself. */
export function treeActors(trees: ReadonlyMap<PeerId, PeerId>, roll: Roll): ActorOf {
  if (trees.size === 0) return itself
  const roots: number[] = []
  return (peer) => {
    const known = roots[peer]
    if (known !== undefined) return known
    const root = trees.get(roll.nameOf(peer))
    return (roots[peer] = root === undefined ? peer : roll.numberOf(root))
  }
}

/** Single linkage: whoever is linked to one of a bloc belongs to it. */
export function blocActors(links: readonly (readonly [number, number])[], roll: Roll): ActorOf {
  if (links.length === 0) return itself
  const up = new Map<number, number>()
  const rootOf = (peer: number): number => {
    let root = peer
    for (let next = up.get(root); next !== undefined; next = up.get(root)) root = next
    for (let at = peer; at !== root;) {
      const next = up.get(at) ?? root
      up.set(at, root)
      at = next
    }
    return root
  }
  for (const [a, b] of links) {
    const [one, other] = [rootOf(a), rootOf(b)]
    if (one === other) continue
    const first = roll.nameOf(one) < roll.nameOf(other) ? one : other
    up.set(first === one ? other : one, first)
  }
  return rootOf
}

/** Counts of several peers as those of the actors that they belong to: those that are not 0, by actor's number. */
export function collapsed(
  peers: readonly number[],
  counts: Counts,
  actorOf: ActorOf,
): { readonly actors: readonly number[]; readonly counts: Counts } {
  const sums = new Counts()
  const actors: number[] = []
  for (const peer of peers) {
    const count = counts.at(peer)
    if (count === 0) continue
    const actor = actorOf(peer)
    if (sums.at(actor) === 0) actors.push(actor)
    sums.add(actor, count)
  }
  return { actors, counts: sums }
}

/** By value alone, the greatest first: sums over it have the same bits whoever is who. */
export function descending(peers: readonly number[], counts: Counts, actorOf: ActorOf): readonly number[] {
  const { actors, counts: sums } = collapsed(peers, counts, actorOf)
  const values = new Float64Array(actors.length)
  for (let i = 0; i < values.length; i++) values[i] = sums.at(actors[i] ?? 0)
  values.sort()
  const greatest: number[] = []
  for (let i = values.length - 1; i >= 0; i--) greatest.push(values[i] ?? 0)
  return greatest
}
