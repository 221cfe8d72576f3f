import { checkCount, checkFraction, checkNames } from './checks.ts'

/**
 * Names in both over names in either: 0 to 1 (Jaccard 1901). One list may be empty; faults where both are, and on a
 * name that is twice in one.
 */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  checkNames('first list', a, b.length === 0 ? 1 : 0)
  checkNames('second list', b, 0)
  const others = new Set(b)
  const shared = a.filter((name) => others.has(name)).length
  return shared / (a.length + b.length - shared)
}

/**
 * The part of those at the top, then or now, who are there only once: 1 − `jaccard` of the first `k` of both lists,
 * best first. 0 where nobody moved, 1 where all did. Faults as `jaccard` does, and on k < 1.
 */
export function turnover(before: readonly string[], now: readonly string[], k: number): number {
  checkCount('number at the top', k, 1)
  return 1 - jaccard(before.slice(0, k), now.slice(0, k))
}

/**
 * How far two rankings agree, best first, the top weighing most: 0 to 1. At each depth d the agreement is the overlap
 * so far over d, and weighs p^(d−1); past the end of a list it goes on as it was seen (Webber, Moffat & Zobel 2010,
 * equation 32, lists of unequal length included). Faults on an empty list, a name twice in one, and p outside 0 < p <
 * 1.
 */
export function rankBiasedOverlap(a: readonly string[], b: readonly string[], p: number): number {
  checkNames('first ranking', a, 1)
  checkNames('second ranking', b, 1)
  checkFraction('persistence', p)
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const [s, l] = [short.length, long.length]
  const overlaps = overlapsByDepth(short, long)
  const overlapAtShort = overlaps[s - 1] ?? 0
  const overlapAtLong = overlaps[l - 1] ?? 0
  let seen = 0
  let weight = 1
  for (const [i, overlap] of overlaps.entries()) {
    const depth = i + 1
    const unseen = depth > s ? (overlapAtShort * (depth - s)) / s : 0
    seen += ((overlap + unseen) / depth) * weight
    weight *= p
  }
  return (1 - p) * seen + ((overlapAtLong - overlapAtShort) / l + overlapAtShort / s) * weight
}

/** How many names the lists share down to each depth, to the end of the longer one. */
function overlapsByDepth(short: readonly string[], long: readonly string[]): number[] {
  const [inShort, inLong] = [new Set<string>(), new Set<string>()]
  let shared = 0
  return long.map((name, i) => {
    const other = short[i]
    inLong.add(name)
    if (other !== undefined) inShort.add(other)
    if (inShort.has(name)) shared++
    if (other !== undefined && other !== name && inLong.has(other)) shared++
    return shared
  })
}
