import { expect, test } from 'vitest'
import { kindOf, MOST_SHOWN, shownOf } from '../../../src/ui/disputes/strip.ts'

const operators = (length: number) => Array.from({ length }, (_, index) => ({ index, type: 'Conv' }))
const kinds = (agreed: number, differs?: number) =>
  [0, 1, 2, 3].map((place) => kindOf({ agreed, ...(differs === undefined ? {} : { differs }) }, place))

test('operators agree up to where the sides part; the rest builds on it, or waits', () => {
  expect(kinds(2, 2)).toEqual(['agree', 'agree', 'differ', 'after'])
  expect(kinds(2)).toEqual(['agree', 'agree', 'open', 'open'])
  expect(kinds(4)).toEqual(['agree', 'agree', 'agree', 'agree'])
})

test('all of a strip is shown, or as much as a page carries about the first difference', () => {
  expect(shownOf({ operators: operators(MOST_SHOWN), agreed: 0 })).toEqual({ from: 0, to: MOST_SHOWN })
  const long = operators(5_000)
  for (const differs of [0, 7, 2_500, 4_999]) {
    const { from, to } = shownOf({ operators: long, agreed: differs, differs })
    expect(to - from).toBe(MOST_SHOWN)
    expect(differs >= from && differs < to && from >= 0 && to <= long.length).toBe(true)
  }
})
