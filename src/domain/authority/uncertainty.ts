import { spearmanTest } from './association.ts'
import { byChance } from './by-chance.ts'
import { driftsOf } from './drifts.ts'
import { aligned } from './readings.ts'
import type { ReportInput } from './recorded.ts'
import type { Measure, Report, Uncertainty } from './report-shape.ts'
import { resampled } from './resampled.ts'
import { part, studyOf, type Study } from './study.ts'

/** Rounds of a permutation test. */
const PERMUTATIONS = 10_000
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

function permuted({ selection, sight, seed }: Study, { key, value }: Measure, most = PERMUTATIONS): number | null {
  if (value === null || (key !== 'capital-alignment' && key !== 'seniority-alignment')) return null
  const lists = aligned(key, selection.total, sight)
  if ('why' in lists) return null
  return spearmanTest(lists.x, lists.y, { rounds: Math.min(PERMUTATIONS, most), seed }).p
}
