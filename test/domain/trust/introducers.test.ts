import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { introducerTrees } from '../../../src/domain/trust/introducers.ts'
import { graphOf, vouchedBy, type VouchGraph } from '../../../src/domain/trust/vouches.ts'

const trees = (vouches: Record<string, string>, roots: string[]) =>
  Object.fromEntries(
    introducerTrees(graphOf(Object.entries(vouches).map(([peer, to]) => [peer, to.split(' ')])), roots),
  )

/** Whom the roots reach without going through somebody. */
function reachedWithout(graph: VouchGraph, roots: readonly string[], without?: string): Set<string> {
  const reached = new Set(roots.filter((root) => root !== without && graph.index.has(root)))
  for (const peer of reached) for (const other of vouchedBy(graph, peer)) if (other !== without) reached.add(other)
  return reached
}

describe('introducer trees', () => {
  test('whoever one root alone leads to is in its tree', () => {
    expect(trees({ ann: 'ben cat', ben: 'dan', cat: 'dan' }, ['ann'])).toEqual({
      ann: 'ann',
      ben: 'ann',
      cat: 'ann',
      dan: 'ann',
    })
  })

  test('a key that members of two trees vouch for has its own, and so has whom only it leads to', () => {
    expect(trees({ ann: 'cat', ben: 'cat', cat: 'dan', dan: 'eve', eve: 'dan' }, ['ann', 'ben'])).toEqual({
      ann: 'ann',
      ben: 'ben',
      cat: 'cat',
      dan: 'cat',
      eve: 'cat',
    })
  })

  test('who is not reached has none', () => {
    expect(trees({ ann: 'ben', fay: 'gus ben' }, ['ann'])).toEqual({ ann: 'ann', ben: 'ann' })
  })

  test('a thousand keys behind one introducer are one tree, however they vouch for each other and for others', () => {
    const sybils = Array.from({ length: 1_000 }, (_, i) => `sybil-${i}`)
    const graph = graphOf([
      ['ann', ['ben', 'cat']],
      ['ben', ['cat', 'ann', 'dan']],
      ['cat', ['ben', 'dan']],
      ['dan', sybils.slice(0, 200)],
      ...sybils.map((one, i) => [one, [...sybils.slice(i + 1, i + 5), sybils[(i * 7) % 1_000]!, 'ben']] as const),
    ])
    const all = introducerTrees(graph, ['ann', 'ben', 'cat'])
    expect(new Set(sybils.map((one) => all.get(one)))).toEqual(new Set(['dan']))
    expect(all.size).toBe(1_004)
  })

  test('are what they say, on any graph: no two trees vouch for a key that has none of its own', () => {
    const graphs = fc
      .array(fc.uniqueArray(fc.nat(13), { maxLength: 4 }), { minLength: 3, maxLength: 14 })
      .map((rows) => graphOf(rows.map((row, i) => [`p${i}`, row.filter((j) => j !== i).map((j) => `p${j}`)])))
    let shared = 0
    fc.assert(
      fc.property(graphs, fc.uniqueArray(fc.nat(13), { minLength: 1, maxLength: 3 }), (graph, ids) => {
        const roots = ids.map((id) => `p${id}`).filter((root) => graph.index.has(root))
        const found = introducerTrees(graph, roots)
        const reached = reachedWithout(graph, roots)
        expect(new Set(found.keys())).toEqual(reached)
        for (const peer of reached) {
          const tree = found.get(peer)!
          // Without its root a tree is not reached; without anybody else above it a root still is.
          expect(found.get(tree)).toBe(tree)
          if (tree !== peer) {
            shared++
            expect(reachedWithout(graph, roots, tree).has(peer)).toBe(false)
          } else
            for (const other of reached)
              if (other !== peer) expect(reachedWithout(graph, roots, other).has(peer)).toBe(true)
          const vouchers = [...reached].filter((one) => vouchedBy(graph, one).includes(peer) && one !== peer)
          const distinct = new Set(vouchers.map((one) => found.get(one)))
          if (tree !== peer) expect(distinct).toEqual(new Set([tree]))
          else expect(roots.includes(peer) || distinct.size > 1).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
    expect(shared).toBeGreaterThan(100)
  })
})
