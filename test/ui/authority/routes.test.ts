import { describe, expect, test } from 'vitest'
import type { Route } from '../../../src/domain/states.ts'
import {
  blocksOf,
  computedWords,
  MOST_WINDOWS,
  ROUTES,
  routesMoved,
  routesRead,
  sharesOf,
} from '../../../src/ui/authority/routes.ts'
import { report } from '../../kits/fake-report.ts'

const none = Object.fromEntries(ROUTES.map(({ route }) => [route, 0])) as Record<Route, number>
const windowOf = (counts: Partial<Record<Route, number>>) => ({
  decisions: Object.values(counts).reduce((a, b) => a + b, 0),
  counts: { ...none, ...counts },
})

describe('columns', () => {
  test('are full, whatever their number of decisions, with arithmetic at the foot', () => {
    const blocks = blocksOf([windowOf({ arithmetic: 3, jury: 1 }), windowOf({ unresolved: 7 })])
    expect(blocks.map(({ route, y, height }) => [route, y, height])).toEqual([
      ['arithmetic', 25, 75],
      ['jury', 0, 25],
      ['unresolved', 0, 100],
    ])
    expect(blocks[0]?.x).toBe(blocks[1]?.x)
    expect((blocks[2]?.width ?? 0) / (blocks[0]?.width ?? 0), 'seven decisions beside four').toBeCloseTo(7 / 4)
    expect((blocks[0]?.x ?? 0) + (blocks[0]?.width ?? 0)).toBeLessThan(50)
    expect(blocks[2]?.x).toBeGreaterThan(50)
  })

  test('of an empty window are empty, and of very many windows the newest are shown', () => {
    expect(blocksOf([windowOf({})])).toEqual([])
    const many = Array.from({ length: 500 }, (_, i) => windowOf(i < 499 ? { agreement: 1 } : { timeout: 1 }))
    const blocks = blocksOf(many)
    expect(blocks).toHaveLength(MOST_WINDOWS)
    expect(blocks.at(-1)?.route).toBe('timeout')
  })
})

test('every route is told by a name and by what it means', () => {
  expect(new Set(ROUTES.map(({ means }) => means)).size).toBe(8)
  expect(sharesOf(report.routes.total).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  expect(sharesOf(none).every(({ share }) => share === 0)).toBe(true)
})

test('the picture is read out with the largest share first', () => {
  expect(routesRead({ total: { ...none, jury: 1, agreement: 3 }, windows: [] })).toBe(
    'Decisions by route: agreement 75\u00A0%, jury 25\u00A0%.',
  )
  expect(routesRead(report.routes)).toMatch(/^Decisions by route: agreement 40\s%, jury .* Over 10 windows/)
  expect(routesRead({ total: none, windows: [] })).toBe('Decisions by route: none yet')
})

test('what changed is told from six windows on, and only where it is something', () => {
  const [young, old] = [windowOf({ agreement: 9, jury: 1 }), windowOf({ agreement: 4, jury: 6 })]
  expect(routesMoved([young, young, young, old, old])).toBeUndefined()
  expect(routesMoved([young, young, young, old, old, old])).toMatch(/from (90|10)\s% in the first third to (40|60)\s%/)
  expect(routesMoved([young, young, young, young, young, young])).toBeUndefined()
})

test('computing alone is arithmetic and agreement', () => {
  expect(computedWords({ ...none, arithmetic: 1, agreement: 2, jury: 1 })).toContain(
    '75\u00A0% was settled by computing alone',
  )
  expect(computedWords(none)).toBeUndefined()
})
