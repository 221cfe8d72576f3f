import { expect, test } from 'vitest'
import { shortfallWords } from '../../../src/ui/disputes/dispute-words.ts'

const held = { title: 'Receipt', holds: true }
const missing = [
  { title: 'Model', holds: undefined },
  { title: 'Output', holds: undefined },
]

test('evidence that could not be replayed whole here is not called altered: what is missing is named', () => {
  const { heading, what, advice } = shortfallWords([held, ...missing])
  expect(heading).toBe('This evidence could not be replayed whole here')
  expect(what).toBe('What could not be checked: model and output.')
  expect(advice).not.toContain('altered')
})

test('evidence of which a part fails does not hold, whatever else is missing', () => {
  const words = shortfallWords([held, ...missing, { title: 'Inputs', holds: false }])
  expect(words.heading).toBe('This evidence does not hold')
  expect(words.what).toBe('What fails: inputs.')
  expect(shortfallWords([held]).what).toBe('Its verdict was not reached again.')
})
