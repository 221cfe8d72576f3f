import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pageRank } from '../../../src/domain/trust/page-rank.ts'
import { graphOf, vouchedBy, type VouchGraph } from '../../../src/domain/trust/vouches.ts'

const ALPHA = 0.15
const name = (i: number) => `peer-${String(i).padStart(4, '0')}`

/** Up to so many people, each of whom vouches for some. */
const graphs = (most: number) =>
  fc
    .integer({ min: 2, max: most })
    .chain((n) =>
      fc
        .array(fc.uniqueArray(fc.integer({ min: 0, max: n - 1 }), { maxLength: 6 }), { minLength: n, maxLength: n })
        .map((rows) => graphOf(rows.map((row, i) => [name(i), row.filter((j) => j !== i).map(name)]))),
    )

/** The same numbers from the linear equations, by Gaussian elimination. */
function solved(graph: VouchGraph, seeds: readonly string[], alpha: number): number[] {
  const { members } = graph
  const from = seeds.filter((seed) => members.includes(seed))
  const e = members.map((peer) => (from.includes(peer) ? 1 / from.length : 0))
  const rows = members.map((_, i) => [...members.map((__, j) => (i === j ? 1 : 0)), alpha * e[i]!])
  for (const [j, peer] of members.entries()) {
    const to = vouchedBy(graph, peer)
    for (const [i, other] of members.entries())
      rows[i]![j]! -= (1 - alpha) * (to.length === 0 ? e[i]! : to.includes(other) ? 1 / to.length : 0)
  }
  const n = members.length
  for (let at = 0; at < n; at++) {
    const pivot = rows.slice(at).reduce((best, row) => (Math.abs(row[at]!) > Math.abs(best[at]!) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(at, 0, pivot)
    for (const [i, row] of rows.entries()) {
      if (i === at) continue
      const factor = row[at]! / pivot[at]!
      for (let j = at; j <= n; j++) row[j]! -= factor * pivot[j]!
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!)
}

describe('whose word reaches whom', () => {
  test('solves its equations, on any graph and from any seeds', () => {
    fc.assert(
      fc.property(graphs(12), fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 4 }), (graph, ids) => {
        const seeds = ids.map(name)
        const rank = pageRank(graph, seeds, ALPHA)
        fc.pre(rank.size > 0)
        const expected = solved(graph, seeds, ALPHA)
        for (const [i, peer] of graph.members.entries()) expect(rank.get(peer) ?? 0).toBeCloseTo(expected[i]!, 11)
        expect([...rank.values()].reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 11)
      }),
      { numRuns: 200 },
    )
  })

  test('the mass of a region is bounded by what flows into it, however many keys it has', () => {
    let reached = 0
    fc.assert(
      fc.property(graphs(40), fc.nat(), (graph, drawn) => {
        const { members } = graph
        // Whoever comes behind the cut is the region; the seed is outside it.
        const cut = 1 + (drawn % Math.max(1, members.length - 1))
        const inside = new Set(members.slice(cut))
        const rank = pageRank(graph, members.slice(0, 1), ALPHA)
        let [mass, flow] = [0, 0]
        for (const [peer, own] of rank) {
          if (inside.has(peer)) mass += own
          else {
            const to = vouchedBy(graph, peer)
            flow += (own * to.filter((other) => inside.has(other)).length) / Math.max(1, to.length)
          }
        }
        if (mass > 0) reached++
        expect(mass).toBeLessThanOrEqual(((1 - ALPHA) * flow) / ALPHA + 1e-9)
      }),
      { numRuns: 300 },
    )
    expect(reached).toBeGreaterThan(100)
  })

  test('a thousand keys behind one vouch get no more than that vouch lets through', () => {
    const honest = Array.from({ length: 20 }, (_, i) => [name(i), [1, 2, 3].map((d) => name((i + d) % 20))] as const)
    const sybils = Array.from({ length: 1_000 }, (_, i) => `sybil-${i}`)
    const ring = sybils.map((one, i) => [one, sybils.slice(i + 1, i + 9)] as const)
    const massOf = (edges: number) => {
      const attacked = honest.map(([peer, to], i) => [peer, i < edges ? [...to, sybils[i]!] : to] as const)
      const rank = pageRank(graphOf([...attacked, ...ring]), [name(0)], ALPHA)
      const flow = attacked.slice(0, edges).reduce((sum, [peer]) => sum + rank.get(peer)! / 4, 0)
      const mass = sybils.reduce((sum, one) => sum + (rank.get(one) ?? 0), 0)
      return { mass, bound: ((1 - ALPHA) * flow) / ALPHA }
    }
    expect(massOf(0).mass).toBe(0)
    for (const edges of [1, 2, 5]) {
      const { mass, bound } = massOf(edges)
      expect(mass).toBeGreaterThan(0)
      expect(mass).toBeLessThanOrEqual(bound + 1e-9)
    }
  })

  test('has nothing to say from a stranger, and all at home where nobody is vouched for', () => {
    const graph = graphOf([['ann', ['ben']]])
    expect(pageRank(graph, ['nobody'], ALPHA)).toEqual(new Map())
    expect(pageRank(graph, ['ben'], ALPHA)).toEqual(new Map([['ben', 1]]))
  })

  test.for([0, -0.1, 1.1, Number.NaN])('has no restart of %d', (alpha) => {
    expect(() => pageRank(graphOf([['ann', ['ben']]]), ['ann'], alpha)).toThrowError(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })
})
