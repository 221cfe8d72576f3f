import { fromHex } from '../bytes.ts'
import type { Item } from './item.ts'
import type { Sight } from './readings.ts'
import type { Recorded, ReportInput } from './recorded.ts'
import type { Band, Recipe, Report } from './report-shape.ts'
import { windowsOf } from './report.ts'
import { bandOf } from './resampling.ts'
import { Selection } from './selection.ts'
import type { WindowCache } from './window-readings.ts'
import type { Window } from './windows.ts'

/** Share of the rounds that a band holds. */
export const CONFIDENCE = 0.95

/** Rounds of a simulation: of a small room as many as the ends of a band take, of a large one no more than its time allows. */
const MOST_ROUNDS = 1_000
const LEAST_ROUNDS = 200
/** Steps of one simulation that a second allows: a decision counted, or a pair of votes. */
const STEPS = 20_000_000
/** Steps in which one peer is ranked in all ways. */
export const RANKED = 50

/** What is simulated from: a report's decisions, counted again. */
export interface Study {
  readonly report: Report
  readonly selection: Selection<WindowCache>
  readonly sight: Sight
  /** All decisions of the report; those for others; rulings with votes for both sides. */
  readonly items: readonly Item[]
  readonly others: readonly Item[]
  readonly split: readonly Item[]
  readonly windows: readonly Window<WindowCache>[]
  /** Decisions of a full window. */
  readonly width: number
  /** All chance comes from the root of the entries: 32 bytes. */
  readonly seed: Uint8Array
  /** For work that takes so many steps each time; `least` where less than the usual will do. */
  readonly rounds: (steps: number, least?: number) => number
}

export function studyOf(
  { decisions, facts }: Pick<ReportInput, 'decisions' | 'facts'>,
  report: Report,
  most: number = MOST_ROUNDS,
): Study {
  const { recipe } = report
  const selection = select(decisions, facts, recipe)
  const { list, width } = windowsOf(selection)
  const items = selection.items()
  return {
    report,
    selection,
    sight: selection.sight(),
    items,
    others: items.filter(({ winners }) => winners.length > 0),
    split: items.filter((item) => item.split),
    windows: list,
    width,
    seed: fromHex(recipe.root),
    rounds: (steps, least = LEAST_ROUNDS) => Math.min(most, Math.max(least, Math.floor(STEPS / Math.max(1, steps)))),
  }
}

function select(decisions: readonly Recorded[], facts: ReportInput['facts'], recipe: Recipe): Selection<WindowCache> {
  const selection = new Selection<WindowCache>(recipe, facts)
  for (const decision of decisions) selection.add(decision)
  return selection
}

/** The middle of some values; null where fewer than half came out at all, or an end of it has no bound. */
export function bandAround(values: readonly (number | null)[]): (Band & { readonly median: number }) | null {
  const known = values.flatMap((value) => value ?? [])
  if (known.length === 0 || 2 * known.length < values.length) return null
  let at = 0
  const band = bandOf(known.length, CONFIDENCE, () => known[at++] ?? 0)
  return Number.isFinite(band.low) && Number.isFinite(band.high) ? band : null
}

/** Steps that are a part of others: from and to are shares of the whole. */
export function* part<T>(steps: Generator<number, T>, from: number, to: number): Generator<number, T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    yield from + step.value * (to - from)
  }
}
