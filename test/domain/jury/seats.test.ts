import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { capacityOf, seatsOf, type SeatRules } from '../../../src/domain/jury/seats.ts'
import { sizeAt } from '../../../src/domain/jury/sizes.ts'

/** People with one tree each, `ann:x`, in the order drawn. */
const order = (text: string) =>
  text.split(' ').map((one) => {
    const [peer = '', ...trees] = one.split(':')
    return { peer, weight: 1, trees }
  })
const seated = (text: string, rules: SeatRules, left: readonly string[] = []) => {
  const { held, asked } = seatsOf(order(text), rules, (all) => all.filter(({ peer }) => left.includes(peer)))
  return { held: held.map(({ peer }) => peer).join(' '), asked: asked.length }
}
const three: SeatRules = { size: 3, cap: 1 }

describe('who sits', () => {
  test('the first in order, at most one of a tree', () => {
    expect(seated('a:x b:x c:y d:y e:z f:w', three)).toEqual({ held: 'a c e', asked: 3 })
    expect(seated('a:x b:x c:y d:y e:z f:w', { size: 3, cap: 2 })).toEqual({ held: 'a b c', asked: 3 })
  })

  test('who leaves is replaced by the next that fits, and its tree has a seat again', () => {
    expect(seated('a:x b:x c:y d:y e:z f:w', three, ['a'])).toEqual({ held: 'c e b', asked: 4 })
    expect(seated('a:x b:x c:y d:y e:z f:w', three, ['a', 'b'])).toEqual({ held: 'c e f', asked: 5 })
  })

  test('at most as many are asked in vain as there are seats', () => {
    const text = 'a:1 b:2 c:3 d:4 e:5 f:6 g:7 h:8'
    expect(seated(text, three, ['a', 'b', 'c'])).toEqual({ held: 'd e f', asked: 6 })
    expect(seated(text, three, ['a', 'b', 'c', 'd'])).toEqual({ held: 'e f', asked: 6 })
    expect(
      seated(
        text,
        three,
        text.split(' ').map((one) => one[0]!),
      ),
    ).toEqual({ held: '', asked: 6 })
  })

  test('who sat much lately comes when nobody else is left', () => {
    expect(seated('a:1 b:2 c:3 d:4', { ...three, passedOver: new Set(['a']) }).held).toBe('b c d')
    expect(seated('a:1 b:2 c:3', { ...three, passedOver: new Set(['a', 'b']) }).held).toBe('c a b')
  })

  test('either side has its trees, and neither gets more than the cap', () => {
    expect(seated('a:x:p b:y:p c:y:q d:z:q e:z:r f:w:s', three).held).toBe('a c e')
  })

  test('nobody who stays loses a seat when another leaves', () => {
    const pools = fc.array(fc.nat(5), { minLength: 4, maxLength: 14 })
    fc.assert(
      fc.property(
        pools,
        fc.array(fc.nat(13), { maxLength: 3 }),
        fc.nat(13),
        fc.integer({ min: 1, max: 2 }),
        (pool, gone, next, cap) => {
          const text = pool.map((tree, i) => `${String.fromCharCode(97 + i)}:${tree}`).join(' ')
          const left = gone.map((i) => String.fromCharCode(97 + i))
          const one = String.fromCharCode(97 + next)
          const before = seated(text, { size: 3, cap }, left).held.split(' ')
          const after = seated(text, { size: 3, cap }, [...left, one])
          fc.pre(after.asked < 6)
          for (const peer of before) if (peer !== one) expect(after.held).toContain(peer)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('how many sit', () => {
  const trees = (n: number, of = n) => Array.from({ length: n }, (_, i) => ({ trees: [`t${i % of}`] }))
  const sizes = (n: number, of?: number) => [0, 1, 2, 3].map((level) => sizeAt(FIRST_CHARTER, level, trees(n, of)))

  test('three, then five and eleven where the pool has three times as many', () => {
    expect(sizes(2)).toEqual([undefined, undefined, undefined, undefined])
    expect(sizes(3)).toEqual([3, undefined, undefined, undefined])
    expect(sizes(14)).toEqual([3, undefined, undefined, undefined])
    expect(sizes(15)).toEqual([3, 5, undefined, undefined])
    expect(sizes(33)).toEqual([3, 5, 11, undefined])
  })

  test('a pool of a thousand keys in two trees fills no jury of three', () => {
    expect(sizes(1_000, 2)).toEqual([undefined, undefined, undefined, undefined])
    expect(capacityOf(trees(1_000, 2), 1)).toBe(2)
    expect(sizes(1_000, 4)).toEqual([3, undefined, undefined, undefined])
  })

  test('where sides see other trees, the side with fewer decides', () => {
    const both = trees(9).map(({ trees: [own] }, i) => ({ trees: [own!, i < 7 ? 'big' : own!] }))
    expect(capacityOf(both, 1)).toBe(3)
    expect(capacityOf(both, 2)).toBe(4)
  })
})
