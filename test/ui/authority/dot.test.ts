import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Measure } from '../../../src/domain/authority/report-shape.ts'
import { dotPlot, spark, SPARK_HEIGHT } from '../../../src/ui/authority/dot.ts'
import { report, uncertainty } from '../../kits/fake-report.ts'

const [deciders, voices, , capital] = report.panel as [Measure, Measure, Measure, Measure]
const doubt = (key: string) => uncertainty.measures.find((each) => each.key === key)

describe('the dot', () => {
  test('lies on a scale of all tabs, with its interval and what chance gives', () => {
    const plot = dotPlot(deciders, 14, doubt('effective-deciders'))
    expect([plot.from, plot.to]).toEqual([0, 14])
    expect(plot.dot).toBeCloseTo(4.18 / 14)
    expect(plot.interval?.at).toBeCloseTo(3.1 / 14)
    expect(plot.chance?.length).toBeCloseTo((9.1 - 6.8) / 14)
    expect(plot.zero).toBeUndefined()
  })

  test('has what stands beside it on the same scale, but never a p', () => {
    expect(dotPlot(voices, 14).beside).toBeCloseTo(11 / 14)
    expect(dotPlot({ ...capital, beside: { name: 'p', value: 0.02 } }, 14).beside).toBeUndefined()
  })

  test('of a correlation has its zero in the middle', () => {
    expect(dotPlot(capital, 14)).toMatchObject({ from: -1, to: 1, zero: 0.5 })
  })

  test('without a value shows nothing else either', () => {
    const none = dotPlot({ ...deciders, value: null }, 14, doubt('effective-deciders'))
    expect([none.dot, none.interval, none.chance]).toEqual([undefined, undefined, undefined])
  })

  test('stays where it is when intervals come, and nothing leaves the line', () => {
    const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(bound, bound, fc.double({ min: 0, max: 1e6, noNaN: true }), (a, b, value) => {
        const interval = { low: Math.min(a, b), high: Math.max(a, b) }
        const measure = { ...deciders, value }
        const [before, after] = [
          dotPlot(measure, 14),
          dotPlot(measure, 14, { key: 'gini', interval, chance: interval, drift: null, p: null }),
        ]
        expect(after.dot).toBe(before.dot)
        for (const each of [after.interval, after.chance]) {
          expect(each?.at).toBeGreaterThanOrEqual(0)
          expect((each?.at ?? 0) + (each?.length ?? 0)).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })
})

describe('the line over time', () => {
  test('rises as the values do, from left to right', () => {
    expect(spark([1, 2, 3]).path).toBe(`M2 ${SPARK_HEIGHT - 2}L50 ${SPARK_HEIGHT / 2}L98 2`)
  })

  test('is broken where a window has no value; one alone is a point', () => {
    const { path, alone, last } = spark([1, null, 3, 2])
    expect(path.match(/M/g)).toHaveLength(2)
    expect(alone).toEqual([[2, 22]])
    expect(last?.[0]).toBe(98)
  })

  test('of equal values lies in the middle, and of none is empty', () => {
    expect(spark([0.4, 0.4]).path).toBe(`M2 ${SPARK_HEIGHT / 2}L98 ${SPARK_HEIGHT / 2}`)
    expect(spark([])).toEqual({ path: '', alone: [], last: undefined })
    expect(spark([null, null]).path).toBe('')
  })
})
