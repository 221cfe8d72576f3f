import { describe, expect, test } from 'vitest'
import { makesHalf } from '../../../src/domain/authority/sentence.ts'
import { capturedReport } from '../../kits/fake-report.ts'

describe('half', () => {
  test.for([
    [[0.21, 0.17, 0.13, 0.49], 3],
    [[0.5, 0.5], 1],
    [[0.9, 0.1], 1],
    [[0.1, 0.1, 0.1, 0.1, 0.1, 0.5], 5],
    [[3, 2, 1], 1],
    [[0, 0], 0],
    [[], 0],
  ] as const)('of %j is made by the first %d', ([weights, count]) => {
    expect(makesHalf(weights)).toBe(count)
  })

  test('is made by one introducer where a room is captured', () => {
    expect(makesHalf(capturedReport.ranked.tree.map(({ share }) => share))).toBe(1)
  })
})
