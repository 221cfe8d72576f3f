import { mannKendall } from './drift.ts'
import {
  amongNeutral,
  CONCENTRATION,
  driftSeries,
  isConcentration,
  neutralTrends,
  type Concentration,
  type NeutralWindow,
} from './neutral.ts'
import { benjaminiHochberg } from './proportions.ts'
import type { Measure, Uncertainty } from './report-shape.ts'
import { RANKED, type Study } from './study.ts'
import { alarmsOf, blockTest, LEAST_WINDOWS } from './trend.ts'

/** Of all drifts that are shown as such, the part that may be chance. */
const FALSE_DRIFTS = 0.05
/** Neutral rooms that are simulated for the drift of one: their p reaches under 0.05 over all measures. */
const MOST_NEUTRAL = 499
const neutralRooms = ({ rounds, others, windows, sight }: Study): number =>
  rounds(others.length + (windows.length * sight.population.length * RANKED) / 2) - 1
/** Rounds of a test of a series against its own runs. */
const BLOCK_ROUNDS = 1_999

export type Drift = NonNullable<Uncertainty['measures'][number]['drift']>

/**
 * Which series rise or fall. Of how concentrated authority is: no more than in neutral rooms, where who sat is asked again, and no more than chance; of others
 * no more than chance and than their own runs drawn anew. The greater p counts. Partial windows are left out.
 */
export function* driftsOf(study: Study, most = MOST_NEUTRAL): Generator<number, ReadonlyMap<Measure['key'], Drift>> {
  const { report, windows, width, seed, sight } = study
  const full = windows.flatMap((window, i) => (window.to - window.from === width ? [i] : []))
  if (full.length < LEAST_WINDOWS) return new Map()
  const neutral = neutralWindows(study, full)
  const present: number[] = []
  for (const { arrived } of neutral) present.push((present.at(-1) ?? 0) + arrived.length)
  const found = [...report.panel, ...report.drawer].flatMap(({ key, value, series }) => {
    const values = driftSeries(
      key,
      full.map((i) => series[i] ?? null),
      present,
    )
    return value === null || values.length < LEAST_WINDOWS ? [] : [{ key, values, ...mannKendall(values) }]
  })
  const trends = new Map<Concentration, number[]>(CONCENTRATION.map((key) => [key, []]))
  const rooms = found.some(({ key }) => isConcentration(key)) ? Math.min(most, MOST_NEUTRAL, neutralRooms(study)) : 0
  for (let room = 0; room < rooms; room++) {
    const trend = neutralTrends(neutral, sight, seed, room)
    for (const key of CONCENTRATION) trends.get(key)?.push(trend[key])
    yield room / rooms
  }
  const tests = found.map(({ key, values, Z, p }) => ({
    key,
    values,
    direction: Math.sign(Z) as -1 | 0 | 1,
    p: Math.max(
      p,
      isConcentration(key)
        ? amongNeutral(Z, trends.get(key) ?? [])
        : blockTest(values, { rounds: Math.min(most, BLOCK_ROUNDS), seed }),
    ),
  }))
  const believed = benjaminiHochberg(
    tests.map(({ p }) => p),
    FALSE_DRIFTS,
  )
  return new Map(
    tests.map(({ key, values, direction, p }, i) => {
      const significant = believed[i] ?? false
      return [
        key,
        { direction: direction === 0 ? 0 : direction, p, significant, alarms: significant ? alarmsOf(values) : [] },
      ]
    }),
  )
}

/** Decisions for others of each full window, and who first appears in it. Who never does is there from the beginning. */
function neutralWindows({ windows, selection, sight }: Study, full: readonly number[]): readonly NeutralWindow[] {
  const left = new Set(sight.population)
  const arrivals = full.map((i) => {
    const window = windows[i]
    const arrived: number[] = []
    const items = window ? selection.within(window, () => true) : []
    for (const { deciders, computed } of items)
      for (const peer of [...deciders, ...computed]) if (left.delete(peer)) arrived.push(peer)
    return { items: items.filter(({ winners }) => winners.length > 0), arrived }
  })
  return arrivals.map(({ items, arrived }, i) => ({ items, arrived: i === 0 ? [...left, ...arrived] : arrived }))
}
