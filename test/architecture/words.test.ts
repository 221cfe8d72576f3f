import { describe, expect, test } from 'vitest'
import { filesUnder, textOf } from './sources.ts'

/** Words that promise what nobody measured, or blame a person for what a machine computed. */
const BANNED_ON_SCREEN = [
  /trustless/i,
  /cheat(er|ed|ing)?/i,
  /decentrali[sz]ed/i,
  /unhackable/i,
  /tamper-?proof/i,
  /guaranteed/i,
  /liar/i,
]

describe('words', () => {
  test('nothing on screen promises more than was measured', () => {
    const screens = ['index.html', ...filesUnder('src/ui')]
    expect(screens.length).toBeGreaterThan(5)
    const wrong = screens.flatMap((file) =>
      BANNED_ON_SCREEN.filter((word) => word.test(textOf(file))).map((word) => `${file}: ${word}`),
    )
    expect(wrong).toEqual([])
  })
})
