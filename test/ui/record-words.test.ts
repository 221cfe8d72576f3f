import { expect, test } from 'vitest'
import { coverageWords, importedWords } from '../../src/ui/record-words.ts'

test('how much is held is said with what it is out of', () => {
  expect(coverageWords({ held: 13, known: 14 })).toBe('13 of the 14 logs that were heard of are here to their end.')
  expect(coverageWords({ held: 1, known: 1 })).toBe('The one log that was heard of is here to its end.')
  expect(coverageWords({ held: 0, known: 0 })).toBe('Nothing has been heard of others yet.')
})

test('what came of a file is told, and what did not hold', () => {
  expect(importedWords({ added: 0, refused: 0 })).toBe('Nothing in it was new here.')
  expect(importedWords({ added: 1, refused: 2 })).toBe('1 record was added; 2 did not hold and were refused.')
})
