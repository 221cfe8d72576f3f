import type { Item } from './item.ts'
import type { Flip } from './report-shape.ts'

/**
 * What the votes of a ruling come to when its seats are weighed by another rule. It weighs the votes that were cast; how those would have voted whom
 * another rule had seated, nobody knows. A side wins with more than half of the weight; else nobody does.
 */

export const RULES = ['compute', 'seniority', 'one-each'] as const satisfies readonly Flip['rule'][]

/** Of each rule two bits: whether the ruling can be counted by it, and whether it comes out otherwise. */
export type Flips = number

/** `compute`: verified computations before this ruling, by peer. `place`: of a peer's log by age, 0 the oldest; undefined where there is none. */
export function flipsOf(
  { decision, deciders, upheld, winners }: Item,
  { compute, place }: { compute: (peer: number) => number; place: (peer: number) => number | undefined },
): Flips {
  if (decision.kind !== 'ruling' || upheld.length === 0) return 0
  const first = deciders.indexOf(winners[0] ?? -1)
  const outcome = first < 0 ? undefined : upheld[first]
  const seats: Record<Flip['rule'], readonly number[]> = {
    'compute': deciders.map(compute),
    'seniority': byAge(deciders, place),
    'one-each': deciders.map(() => 1),
  }
  let flips = 0
  for (const [i, rule] of RULES.entries()) {
    const result = weighed(upheld, seats[rule])
    if (result === 'nothing') continue
    flips |= (result === outcome ? 1 : 3) << (2 * i)
  }
  return flips
}

export const isCounted = (flips: Flips, rule: number): boolean => ((flips >> (2 * rule)) & 1) === 1
export const isFlipped = (flips: Flips, rule: number): boolean => ((flips >> (2 * rule)) & 2) === 2

/** Which side has more than half; undefined where neither has; `nothing` where no seat has any weight. Weights are whole. */
function weighed(upheld: readonly (0 | 1)[], weights: readonly number[]): 0 | 1 | undefined | 'nothing' {
  const sides: [number, number] = [0, 0]
  for (const [i, vote] of upheld.entries()) sides[vote] += weights[i] ?? 0
  const [against, forIt] = sides
  if (against + forIt === 0) return 'nothing'
  return against === forIt ? undefined : forIt > against ? 1 : 0
}

/** Of n deciders the oldest weighs n, the youngest 1: only their own order counts, so that no newcomer changes an old count. */
function byAge(deciders: readonly number[], place: (peer: number) => number | undefined): readonly number[] {
  const places = deciders.map((peer) => place(peer) ?? Infinity)
  return places.map((mine) => places.filter((other) => other >= mine).length)
}
