import { describe, expect, test } from 'vitest'
import {
  coverageWords,
  fewWords,
  flipWords,
  halfWords,
  recomputeWords,
  windowWords,
} from '../../../src/ui/authority/report-words.ts'
import { emptyReport, report, uncertainty, youngReport } from '../../kits/fake-report.ts'

test('few decisions are said to be few', () => {
  expect(fewWords(youngReport)).toBe('Too few decisions (12) to tell drift from chance')
  expect(fewWords({ decisions: 1_300, discretionary: 12 })).toBe(
    'Too few decisions in which somebody had a say (12 of 1,300) to tell drift from chance',
  )
  expect(fewWords(report)).toBeUndefined()
})

test('what chance predicts of half is on its way, there, or not known', () => {
  expect(halfWords(emptyReport, undefined)).toBeUndefined()
  expect(halfWords(report, undefined)).toBe('Chance alone: on its way.')
  expect(halfWords(report, uncertainty)).toBe('Chance alone predicts 5 to 7.')
  expect(halfWords(report, { ...uncertainty, halfByChance: { low: 2.2, high: 1.9 } })).toBe('Chance alone predicts 2.')
  expect(halfWords(report, null)).toBe('Chance alone: not known here.')
  expect(halfWords(report, { ...uncertainty, halfByChance: null })).toBe('Chance alone: not known here.')
})

test('coverage is always of something', () => {
  expect(coverageWords({ held: 13, known: 14 })).toBe('Computed here from 93\u00A0% of the heads I know of (13 of 14)')
  expect(coverageWords({ held: 0, known: 0 })).toBe('No records are held here yet')
})

test('the window and the scope are named', () => {
  expect(windowWords(report.recipe)).toBe('The last 200 that touch you or those you trust')
  expect(windowWords({ window: 0, scope: 'everything' })).toBe('All held here')
})

test('other rules are told with how many could be counted again', () => {
  expect(flipWords({ rule: 'one-each', flipped: 5, of: 18, rulings: [] })).toBe(
    'If every key had one vote, 5 of 18 rulings would come out otherwise.',
  )
  expect(flipWords({ rule: 'seniority', flipped: 0, of: 18, rulings: [] })).toBe(
    'If seats went by seniority, all would come out the same (18 rulings).',
  )
  expect(flipWords({ rule: 'compute', flipped: 0, of: 0, rulings: [] })).toContain('no ruling could be counted again')
})

describe('recomputing', () => {
  const again = { ms: 12, digest: 'ab12'.repeat(16) }
  test('says that it is equal, and how long it took', () => {
    expect(recomputeWords({ ...again, equal: true }, report.recipe, '')).toBe(
      'Equal to the byte: ab12ab12…ab12 in 12 ms',
    )
  })

  test('says what differs', () => {
    const differs = { ...again, equal: false }
    expect(recomputeWords(differs, report.recipe, 'cd34'.repeat(16))).toContain(
      'The records are others by now: root 3f9a61c0…61c0 then, cd34cd34…cd34 now.',
    )
    expect(recomputeWords(differs, report.recipe, report.recipe.root)).toContain('The records are the same')
  })
})
