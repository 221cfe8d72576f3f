import { describe, expect, test } from 'vitest'
import { differencesOf, placeOf, summaryOf, valuesFrom } from '../../../src/ui/disputes/differences.ts'
import { floats } from '../../kits/fake-models.ts'

describe('differences', () => {
  test('are counted, placed and put in bins that hold every one of them', () => {
    const right = floats([2, 3], [1, 2, 3, 4, 5, 6])
    const wrong = floats([2, 3], [1, 2.5, 3, 3, 5, 6.25])
    const found = differencesOf(right, wrong)!
    expect(found).toMatchObject({ values: 6, differing: 3, unbounded: 0, largest: 1, at: 3 })
    expect(placeOf(found.at, right.dims)).toEqual([1, 0])
    expect(found.bins.map(({ count }) => count).reduce((a, b) => a + b)).toBe(3)
    expect([found.bins[0]?.from, found.bins.at(-1)?.to]).toEqual([-1, 0.5])
    expect([found.bins[0]?.count, found.bins.at(-1)?.count]).toEqual([1, 1])
  })

  test('that are all the same make one bar, and none make none', () => {
    const right = floats([3], [1, 2, 3])
    expect(differencesOf(right, floats([3], [2, 3, 4]))?.bins).toEqual([{ from: 1, to: 1, count: 3 }])
    expect(differencesOf(right, right)).toMatchObject({ differing: 0, bins: [] })
  })

  test('to what is infinite or no number are counted apart; a NaN is as good as another, and so are the zeros', () => {
    const right = floats([5], [Number.NaN, Number.NaN, 0, Infinity, 1])
    const wrong = floats([5], [Number.NaN, 1, -0, -Infinity, 1.5])
    expect(differencesOf(right, wrong)).toMatchObject({ differing: 3, unbounded: 2, largest: 0.5, at: 4 })
    const nowhere = differencesOf(floats([1], [Number.NaN]), floats([1], [1]))
    expect(nowhere).toMatchObject({ differing: 1, unbounded: 1, largest: 0, bins: [] })
  })

  test('of another shape or type are none', () => {
    expect(differencesOf(floats([2], [1, 2]), floats([1, 2], [1, 2]))).toBeUndefined()
    const bytes = { dtype: 'uint8', dims: [2], data: new Uint8Array(2) } as const
    expect(differencesOf(floats([2], [1, 2]), bytes)).toBeUndefined()
  })
})

test('a summary leaves out what is no number, and says how many', () => {
  const { range, mean, odd } = summaryOf(floats([4], [1, -2, Number.NaN, 4]))
  expect({ range, mean, odd }).toEqual({ range: [-2, 4], mean: 1, odd: 1 })
  expect(summaryOf(floats([1], [Infinity]))).toEqual({ values: 1, odd: 1 })
  expect(summaryOf(floats([0], []))).toEqual({ values: 0, odd: 0 })
})

test('values are given from an element on, as far as there are some', () => {
  const five = floats([5], [0, 1, 2, 3, 4])
  expect(valuesFrom(five, 3, 8)).toEqual([3, 4])
  expect(valuesFrom(five, 9, 8)).toEqual([])
})
