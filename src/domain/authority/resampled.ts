import { chanceFrom } from './chance.ts'
import { DenseVotes } from './dense-votes.ts'
import { CONCENTRATION, concentration } from './neutral.ts'
import { wilson } from './proportions.ts'
import { alignment, columnsOf, consent, introducers, voices } from './readings.ts'
import type { Band, Measure, MeasureKey, Report } from './report-shape.ts'
import { bootstrapInterval } from './resampling.ts'
import { bandAround, CONFIDENCE, type Study } from './study.ts'
import { effectiveDeciders } from './effective-numbers.ts'
import { actsIn } from './measures.ts'
import { Tally } from './tally.ts'

export type Bands = Map<MeasureKey, Band>

/** Measures whose interval comes from drawing the decisions again. */
const DRAWN = [
  ...CONCENTRATION,
  'consent-coverage',
  'capital-alignment',
  'seniority-alignment',
  'introducer-concentration',
] as const satisfies readonly MeasureKey[]

/** Between which values each measure lies when the decisions are drawn again (Efron 1979); of shares of counts Wilson's interval. */
export function* resampled(study: Study): Generator<number, Bands> {
  const bands: Bands = new Map()
  const { items, sight, seed } = study
  const draws = chanceFrom(seed, 'bootstrap of decisions')
  const values = new Map<MeasureKey, (number | null)[]>(DRAWN.map((key) => [key, []]))
  const rounds = items.length === 0 ? 0 : study.rounds(items.length)
  for (let round = 0; round < rounds; round++) {
    const tally = new Tally()
    for (let i = 0; i < items.length; i++) {
      const item = items[draws.below(items.length)]
      if (item !== undefined) tally.add(item)
    }
    const columns = columnsOf(tally, sight)
    for (const key of CONCENTRATION) values.get(key)?.push(concentration(key, tally, columns, sight.population.length))
    values.get('consent-coverage')?.push(consent(tally).value)
    values.get('introducer-concentration')?.push(introducers(tally, 0).value)
    for (const key of ['capital-alignment', 'seniority-alignment'] as const)
      values.get(key)?.push(alignment(key, tally, sight).value)
    yield round / rounds
  }
  for (const [key, drawn] of values) set(bands, key, bandAround(drawn))
  set(bands, 'independent-voices', voicesAgain(study))
  set(bands, 'agenda', agendaAgain(study))
  for (const key of ['unresolved-overturned', 'exit-reachability', 'exits', 'forks'] as const)
    set(bands, key, shareAround(study.report, key))
  return bands
}

function voicesAgain({ split, selection, seed, rounds }: Study): Band | null {
  if (split.length === 0) return null
  const table = new DenseVotes(split, (peer) => selection.roll.nameOf(peer))
  const draws = chanceFrom(seed, 'bootstrap of cases')
  const values = Array.from({ length: rounds(table.pairs) }, () => voices(table.drawn(draws), split.length).value)
  return bandAround(values)
}

function agendaAgain({ selection, seed, rounds }: Study): Band | null {
  const proposals = actsIn(selection).agenda.map(({ peer }) => peer)
  if (proposals.length < 2) return null
  const again = (indices: Int32Array) => {
    const counts = new Map<string, number>()
    for (const at of indices) counts.set(proposals[at] ?? '', (counts.get(proposals[at] ?? '') ?? 0) + 1)
    return effectiveDeciders([...counts.values()])
  }
  const { low, high } = bootstrapInterval(proposals.length, again, {
    rounds: rounds(proposals.length),
    seed,
    confidence: CONFIDENCE,
  })
  return Number.isFinite(high) ? { low, high } : null
}

function shareAround({ panel, drawer }: Report, key: MeasureKey): Band | null {
  const measure: Measure | undefined = [...panel, ...drawer].find((each) => each.key === key)
  if (measure === undefined || measure.value === null) return null
  return wilson(Math.round(measure.value * measure.n), measure.n, CONFIDENCE)
}

function set(bands: Bands, key: MeasureKey, band: Band | null): void {
  if (band !== null) bands.set(key, band)
}
