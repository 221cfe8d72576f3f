import { describe, expect, test } from 'vitest'
import {
  chanceFrom,
  designEffectSize,
  independentVoices,
  LEAST_SHARED_VOTES,
  type Vote,
} from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

const seed = new Uint8Array(32).fill(7)

/** Rows of cases from what each voter says, a string of 0, 1 and - for one. */
const table = (...voters: string[]): Vote[][] =>
  Array.from(voters[0] ?? '', (_, i) => voters.map((votes) => (votes[i] === '-' ? null : votes[i] === '1' ? 1 : 0)))

const coins = (cases: number, voters: number): Vote[][] => {
  const draws = chanceFrom(seed, `coins ${cases} ${voters}`)
  return Array.from({ length: cases }, () => Array.from({ length: voters }, () => (draws.below(2) === 1 ? 1 : 0)))
}

describe('independent voices', () => {
  test('are one where all vote as one, or as its opposite', () => {
    expect(independentVoices(table('0011010111', '0011010111', '0011010111'))).toBe(1)
    expect(independentVoices(table('0011010111', '1100101000'))).toBe(1)
  })

  test('are as many as voters whose votes have nothing to do with one another', () => {
    // Orthogonal: each pair agrees in half of the cases, and r² corrected falls below 0.
    expect(independentVoices(table('01010101', '00110011', '00001111'))).toBe(3)
    expect(independentVoices(coins(4000, 6))).toBeGreaterThan(5.95)
  })

  test('are as many as blocs, however many vote in each', () => {
    const [a, b] = ['01010101', '00110011']
    expect(independentVoices(table(a, a, b, b))).toBe(2)
    // Three and one: 16 / (9 + 1).
    near(independentVoices(table(a, a, a, b)), 1.6, 1e-15)
  })

  test('follow the formula: correlation squared, corrected for few cases', () => {
    // Ten cases, five and five, in eight of which both agree: r = 0.6.
    const squared = 1 - ((1 - 0.36) * 9) / 8
    near(independentVoices(table('0000011111', '0000111110')), 4 / (2 + 2 * squared), 1e-15)
  })

  test('come from the cases that both voted in', () => {
    const squared = 1 - ((1 - 0.36) * 9) / 8
    near(independentVoices(table('0000011111-1-', '0000111110--0')), 4 / (2 + 2 * squared), 1e-15)
  })

  test('of pairs that share too few cases are taken at the mean of the others, and of strangers at nothing', () => {
    expect(LEAST_SHARED_VOTES).toBe(8)
    const [a, b] = ['01010101', '00110011']
    const blank = '--------'
    // Two who vote as one in the first eight cases, two in the last: what the two halves share is unknown, and taken as the rest.
    expect(independentVoices(table(a + blank, a + blank, blank + a, blank + a))).toBe(1)
    expect(independentVoices(table(a + blank, b + blank, blank + a, blank + b))).toBe(4)
    near(independentVoices(table(a + blank, a + blank, blank + a, blank + b)), 16 / (4 + 12 / 2), 1e-15)
    // The third shares seven cases with each.
    expect(independentVoices(table(a, b, '-0110100'))).toBe(2)
    expect(() => independentVoices(table('0101010-', '-0110011'))).toThrow('no two voters share 8 cases')
  })

  test('who never change are one to each other, and none of those who do', () => {
    expect(independentVoices(table('11111111', '11111111', '00000000'))).toBe(1)
    expect(independentVoices(table('11111111', '01010101'))).toBe(2)
  })

  test('of one are one', () => {
    expect(independentVoices(table('01'))).toBe(1)
  })
})

describe('the design effect', () => {
  test('is the independent voices of voters who all correlate alike', () => {
    expect(designEffectSize(5, 0)).toBe(5)
    expect(designEffectSize(5, 1)).toBe(1)
    expect(designEffectSize(9, 0.25)).toBe(3)
    expect(designEffectSize(1, 0.7)).toBe(1)
    near(designEffectSize(3, -0.25), 6, 1e-15)
  })
})
