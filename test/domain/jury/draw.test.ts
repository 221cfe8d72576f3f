import { describe, expect, test } from 'vitest'
import { hash } from '../../../src/domain/hash.ts'
import { drawOrder, type Candidate } from '../../../src/domain/jury/draw.ts'
import { seatsOf } from '../../../src/domain/jury/seats.ts'

const nobody = () => []
const seed = (i: number) => hash('kit', 'draw', i)

/** Forty people in nine trees: a few weigh a hundred times what most do, and the heaviest share a tree. */
const POOL: readonly Candidate[] = Array.from({ length: 40 }, (_, i) => ({
  peer: `peer-${String(i).padStart(2, '0')}`,
  weight: Math.floor(2 ** 33 / (1 + i) ** 1.3),
  trees: [i < 6 ? 'big' : `tree-${i % 8}`],
}))

/** The probability of each to sit, from all sequences of three: who does not fit any more is passed over, so that the next is drawn by the weights of who does. */
function inclusion(pool: readonly Candidate[], size: number, cap: number): number[] {
  const found = pool.map(() => 0)
  const visit = (seated: readonly number[], probability: number) => {
    if (seated.length === size) {
      for (const i of seated) found[i]! += probability
      return
    }
    const fitting = pool.flatMap(({ trees }, i) =>
      !seated.includes(i) && seated.filter((j) => pool[j]!.trees[0] === trees[0]).length < cap ? [i] : [],
    )
    const total = fitting.reduce((sum, i) => sum + pool[i]!.weight, 0)
    for (const i of fitting) visit([...seated, i], (probability * pool[i]!.weight) / total)
  }
  visit([], 1)
  return found
}

describe('the draw', () => {
  test.for([1, 2])(
    'seats each as often as its weight says, with at most %d for a tree: 100,000 juries of three',
    { timeout: 60_000 },
    (cap) => {
      const draws = 100_000
      const counts = new Map<string, number>()
      for (let i = 0; i < draws; i++)
        for (const { peer } of seatsOf(drawOrder(POOL, seed(i)), { size: 3, cap }, nobody).held)
          counts.set(peer, (counts.get(peer) ?? 0) + 1)
      const expected = inclusion(POOL, 3, cap)
      expect(expected.reduce((sum, p) => sum + p, 0)).toBeCloseTo(3, 9)
      for (const [i, { peer }] of POOL.entries()) {
        const p = expected[i]!
        const error = Math.sqrt((p * (1 - p)) / draws)
        expect(Math.abs((counts.get(peer) ?? 0) / draws - p), peer).toBeLessThan(3 * error)
      }
    },
  )

  test('orders the whole pool, each once, the same for whoever lists it in another order', () => {
    const order = drawOrder(POOL, seed(1))
    expect(new Set(order)).toEqual(new Set(POOL))
    expect(order).toHaveLength(POOL.length)
    expect(drawOrder(POOL.toReversed(), seed(1))).toEqual(order)
    expect(drawOrder(POOL, seed(2))).not.toEqual(order)
  })

  test('comes out the same in any other build', () => {
    expect(
      drawOrder(POOL, seed(1))
        .slice(0, 5)
        .map(({ peer }) => peer),
    ).toMatchInlineSnapshot(`
      [
        "peer-04",
        "peer-00",
        "peer-12",
        "peer-02",
        "peer-36",
      ]
    `)
  })

  test('takes weights up to the last whole number that a double holds', () => {
    const heavy = [
      { peer: 'a', weight: 2 ** 53 - 2 },
      { peer: 'b', weight: 1 },
    ]
    expect(drawOrder(heavy, seed(0)).map(({ peer }) => peer)).toEqual(['a', 'b'])
  })

  test.for([[0], [-1], [0.5], [Number.NaN], [2 ** 53], [2 ** 52, 2 ** 52]])('refuses weights of %j', (weights) => {
    const candidates = weights.map((weight, i) => ({ peer: `p${i}`, weight }))
    expect(() => drawOrder(candidates, seed(0))).toThrowError(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })
})
