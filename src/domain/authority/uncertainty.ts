import { spearmanTest } from './association.ts'
import { byChance } from './by-chance.ts'
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
import { aligned } from './readings.ts'
import type { ReportInput } from './recorded.ts'
import type { Measure, Report, Uncertainty } from './report-shape.ts'
import { resampled } from './resampled.ts'
import { part, RANKED, studyOf, type Study } from './study.ts'
import { alarmsOf, blockTest, LEAST_WINDOWS } from './trend.ts'

/** Rounds of a permutation test. */
const PERMUTATIONS = 10_000
/** Of all drifts that are shown as such, the part that may be chance. */
const FALSE_DRIFTS = 0.05
/** Neutral rooms that are simulated for the drift of one: their p reaches under 0.05 over all measures. */
const MOST_NEUTRAL = 499
const neutralRooms = ({ rounds, others, windows, sight }: Study): number =>
  rounds(others.length + (windows.length * sight.population.length * RANKED) / 2) - 1
/** Rounds of a test of a series against its own runs. */
const BLOCK_ROUNDS = 1_999

export interface UncertaintyInit {
  /** Rounds of each simulation at most. Default as many as the room's size allows. */
  readonly rounds?: number
}

/**
 * What a report does not say: between which values its measures lie when decisions are drawn again, what chance alone gives, and which of them
 * drift. Equal arguments give equal answers: all chance comes from the root of the entries. A room with 100,000 decisions and 1,000 peers takes some ten
 * seconds; `onProgress` hears how much of it is done, 0 to 1.
 */
export function uncertaintyOf(
  input: Pick<ReportInput, 'decisions' | 'facts'>,
  report: Report,
  { onProgress, ...init }: UncertaintyInit & { readonly onProgress?: (done: number) => void } = {},
): Uncertainty {
  const steps = uncertaintySteps(input, report, init)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    onProgress?.(step.value)
  }
}

/** The same in steps of milliseconds, for whoever has other things to do meanwhile, or may lose interest. Yields how much is done, 0 to 1. */
export function* uncertaintySteps(
  input: Pick<ReportInput, 'decisions' | 'facts'>,
  report: Report,
  { rounds }: UncertaintyInit = {},
): Generator<number, Uncertainty> {
  const study = studyOf(input, report, rounds)
  const intervals = yield* part(resampled(study), 0, 0.35)
  const { bands, half } = yield* part(byChance(study), 0.35, 0.65)
  const drifts = yield* part(driftsOf(study, rounds), 0.65, 1)
  return {
    recipe: report.recipe,
    measures: [...report.panel, ...report.drawer].map((measure) => ({
      key: measure.key,
      interval: measure.value === null ? null : (intervals.get(measure.key) ?? null),
      chance: measure.value === null ? null : (bands.get(measure.key) ?? null),
      drift: drifts.get(measure.key) ?? null,
      p: permuted(study, measure, rounds),
    })),
    halfByChance: half,
  }
}

type Drift = NonNullable<Uncertainty['measures'][number]['drift']>

/**
 * Which series rise or fall. Of how concentrated authority is: no more than in neutral rooms, where who sat is asked again, and no more than chance; of others
 * no more than chance and than their own runs drawn anew. The greater p counts. Partial windows are left out.
 */
function* driftsOf(study: Study, most = MOST_NEUTRAL): Generator<number, ReadonlyMap<Measure['key'], Drift>> {
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

function permuted({ selection, sight, seed }: Study, { key, value }: Measure, most = PERMUTATIONS): number | null {
  if (value === null || (key !== 'capital-alignment' && key !== 'seniority-alignment')) return null
  const lists = aligned(key, selection.total, sight)
  if ('why' in lists) return null
  return spearmanTest(lists.x, lists.y, { rounds: Math.min(PERMUTATIONS, most), seed }).p
}
