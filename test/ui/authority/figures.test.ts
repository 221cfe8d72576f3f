import { expect, test } from 'vitest'
import {
  amount,
  band,
  correlation,
  counted,
  figure,
  likely,
  share,
  shortHash,
} from '../../../src/ui/authority/figures.ts'

test.for([
  [0, '0 %'],
  [1, '100 %'],
  [0.384, '38 %'],
  [0.004, '0.4 %'],
  [0.996, '99.6 %'],
  [0.01, '1 %'],
] as const)('a share of %d is %s, and never none or all by rounding', ([value, words]) => {
  expect(share(value)).toBe(words.replace(' ', '\u00A0'))
})

test.for([
  [0.62, '+0.62'],
  [-0.08, '−0.08'],
  [0, '0'],
  [-0.001, '0'],
  [1, '+1.00'],
] as const)('a correlation of %d is %s', ([value, words]) => {
  expect(correlation(value)).toBe(words)
})

test('a number of equals has one decimal unless it is whole or large', () => {
  expect([4.18, 14, 123_456.7].map(amount)).toEqual(['4.2', '14', '123,457'])
})

test('an interval is in the unit of its measure', () => {
  expect(band({ low: 3.1, high: 5.44 }, 'of')).toBe('3.1 to 5.4')
  expect(band({ low: -0.53, high: 0.53 }, 'rho')).toBe('−0.53 to +0.53')
  expect(figure(0.88, 'share')).toBe('88\u00A0%')
})

test('a small p is not called nothing', () => {
  expect([0, 0.0004, 0.017, 0.41].map(likely)).toEqual(['p under 0.001', 'p under 0.001', 'p 0.017', 'p 0.41'])
})

test('one of something is said so', () => {
  expect([counted(1, 'decisions'), counted(1, 'entries'), counted(1_204, 'entries'), counted(0, 'votes')]).toEqual([
    'one decision',
    'one entry',
    '1,204 entries',
    '0 votes',
  ])
})

test('a hash keeps both ends', () => {
  expect(shortHash('3f9a61c0'.repeat(8))).toBe('3f9a61c0…61c0')
  expect(shortHash('')).toBe('')
})
