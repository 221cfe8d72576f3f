import { fault } from '../fault.ts'
import type { PeerId } from '../peer-id.ts'
import type { VouchGraph } from './vouches.ts'

/** Change (L1) from one round to the next under which nothing changes that anybody draws by: integer weights are 2^-40 apart. */
const SETTLED = 1e-13
/** Rounds at most: with the restart of 0.15 some 180 settle it, and a charter with a smaller one must end as well. */
const MAX_ROUNDS = 1_000

/**
 * Whose word reaches whom: personalised PageRank (Page et al. 1998; Gyöngyi et al. 2004) from some members, uniformly. A walker begins anew with
 * probability `alpha` in each step, and wherever nobody is vouched for; else it goes on to one of those vouched for, each as likely.
 * Sums to 1; members whom nobody reaches are left out, and so are seeds that are no members. Empty where none is one.
 * The mass of a region is at most (1 − alpha) / alpha times what flows into it from outside, however many keys it has.
 */
export function pageRank(graph: VouchGraph, seeds: readonly PeerId[], alpha: number): ReadonlyMap<PeerId, number> {
  if (!(alpha > 0 && alpha <= 1)) throw fault({ code: 'MALFORMED', what: 'restart', why: 'it is over 0 and at most 1' })
  const { members, index, rows, targets } = graph
  const from = [...new Set(seeds)].flatMap((seed) => index.get(seed) ?? []).toSorted((a, b) => a - b)
  if (from.length === 0) return new Map()
  const share = 1 / from.length
  let rank = new Float64Array(members.length)
  for (const at of from) rank[at] = share
  for (let round = 0, change = 1; round < MAX_ROUNDS && change >= SETTLED; round++) {
    const next = new Float64Array(members.length)
    let dangling = 0
    for (let i = 0; i < members.length; i++) {
      const mass = rank[i] ?? 0
      if (mass === 0) continue
      const [begin, end] = [rows[i] ?? 0, rows[i + 1] ?? 0]
      if (begin === end) dangling += mass
      const each = ((1 - alpha) * mass) / (end - begin)
      for (let at = begin; at < end; at++) {
        const target = targets[at] ?? 0
        next[target] = (next[target] ?? 0) + each
      }
    }
    const restart = (alpha + (1 - alpha) * dangling) * share
    for (const at of from) next[at] = (next[at] ?? 0) + restart
    change = 0
    for (let i = 0; i < members.length; i++) change += Math.abs((next[i] ?? 0) - (rank[i] ?? 0))
    rank = next
  }
  return new Map(members.flatMap((peer, i) => ((rank[i] ?? 0) > 0 ? [[peer, rank[i] ?? 0] as const] : [])))
}
