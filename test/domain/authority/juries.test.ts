import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { captureProbability, chanceFrom, majorityCorrect } from '../../../src/domain/authority/index.ts'
import { choose, ratio } from './exact.ts'
import { near } from './near.ts'

const seed = new Uint8Array(32).fill(3)

/** The same within a part of it. */
const close = (actual: number, expected: number, part = 1e-12) =>
  near(actual, expected, expected * part + Number.MIN_VALUE)

function exactCapture(population: number, bloc: number, jury: number): number {
  let captured = 0n
  for (let x = Math.floor(jury / 2) + 1; x <= jury; x++)
    captured += choose(bloc, x) * choose(population - bloc, jury - x)
  return ratio(captured, choose(population, jury))
}

describe('capture', () => {
  test('is what the binomials say, to the last digits', () => {
    const draws = fc
      .integer({ min: 1, max: 200 })
      .chain((population) =>
        fc.tuple(fc.constant(population), fc.nat(population), fc.integer({ min: 1, max: population })),
      )
    fc.assert(
      fc.property(draws, ([population, bloc, jury]) => {
        const exact = exactCapture(population, bloc, jury)
        near(captureProbability({ population, bloc, jury }), exact, exact * 1e-12 + 1e-24)
      }),
    )
  })

  test('is impossible of a bloc smaller than a majority, and sure where the others are too few', () => {
    expect(captureProbability({ population: 100, bloc: 2, jury: 5 })).toBe(0)
    expect(captureProbability({ population: 100, bloc: 0, jury: 5 })).toBe(0)
    expect(captureProbability({ population: 100, bloc: 98, jury: 5 })).toBe(1)
    expect(captureProbability({ population: 5, bloc: 3, jury: 5 })).toBe(1)
    expect(captureProbability({ population: 1, bloc: 1, jury: 1 })).toBe(1)
  })

  test('wants more than half of an even jury', () => {
    expect(captureProbability({ population: 4, bloc: 2, jury: 2 })).toBeCloseTo(1 / 6, 15)
    expect(captureProbability({ population: 4, bloc: 2, jury: 4 })).toBe(0)
  })

  test('falls with the size of the jury under one half, and rises over it', () => {
    const at = (bloc: number) => [3, 5, 11].map((jury) => captureProbability({ population: 1000, bloc, jury }))
    expect(at(400)).toEqual(at(400).toSorted((a, b) => b - a))
    expect(at(600)).toEqual(at(600).toSorted((a, b) => a - b))
  })

  test('is what drawing gives', () => {
    const [draws, rounds] = [chanceFrom(seed, 'juries'), 40_000]
    const people = Array.from({ length: 40 }, (_, i) => i)
    let captured = 0
    for (let i = 0; i < rounds; i++) {
      draws.shuffle(people)
      if (people.slice(0, 7).filter((person) => person < 16).length > 3) captured++
    }
    const expected = captureProbability({ population: 40, bloc: 16, jury: 7 })
    near(captured / rounds, expected, 4 * Math.sqrt((expected * (1 - expected)) / rounds))
  })
})

describe('a majority', () => {
  test('is right as often as the binomials say', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 999 }), (half, thousandths) => {
        const n = 2 * half + 1
        const [right, wrong] = [BigInt(thousandths), BigInt(1000 - thousandths)]
        let exact = 0n
        for (let x = half + 1; x <= n; x++) exact += choose(n, x) * right ** BigInt(x) * wrong ** BigInt(n - x)
        near(majorityCorrect(n, thousandths / 1000), ratio(exact, 1000n ** BigInt(n)), 1e-13)
      }),
    )
  })

  test('of one is as good as he, of many is better over one half and worse under it', () => {
    close(majorityCorrect(1, 0.3), 0.3)
    close(majorityCorrect(101, 0.5), 0.5)
    expect(majorityCorrect(1001, 0.6)).toBeGreaterThan(0.999999)
    expect(majorityCorrect(1001, 0.4)).toBeLessThan(1e-6)
    expect([majorityCorrect(9, 0), majorityCorrect(9, 1)]).toEqual([0, 1])
  })
})
