import { chanceFrom } from './chance.ts'
import { sum } from './checks.ts'
import { DenseVotes } from './dense-votes.ts'
import { effectiveDeciders } from './effective-numbers.ts'
import type { Item } from './item.ts'
import { exp, ln } from './logarithm.ts'
import { actsIn } from './measures.ts'
import { concentration, isConcentration } from './neutral.ts'
import { normalQuantile } from './normal.ts'
import { wilson } from './proportions.ts'
import { alignment, columnsOf, consent, introducers, voices, type Columns, type Sight } from './readings.ts'
import type { Band, Measure, MeasureKey, Report } from './report-shape.ts'
import { bandAround, CONFIDENCE, RANKED, type Study } from './study.ts'
import { Tally } from './tally.ts'

export type Bands = Map<MeasureKey, Band>

/** Measures whose interval comes from drawing the decisions again. */
const DRAWN = [
  'nakamoto',
  'gini',
  'herfindahl',
  'consent-coverage',
  'capital-alignment',
  'seniority-alignment',
] as const satisfies readonly MeasureKey[]
/** Those whose bias was taken out, which drawing a decision twice would bring back: theirs comes from leaving decisions out. */
const LEFT_OUT = ['effective-deciders', 'entropy', 'introducer-concentration'] as const satisfies readonly MeasureKey[]

/**
 * Groups that decisions are drawn or left out in, each by its place modulo their number. Of fewer decisions each is its own; of more the groups are
 * as unlike each other as the decisions are, and their sums are all that a round needs.
 */
const GROUPS = 500
const GROUPS_LEFT_OUT = 100

/**
 * Between which values each measure lies: when the decisions are drawn again (Efron 1979), moved so that the middle is the value; by leaving some out (the
 * jackknife, Quenouille 1956, on the logarithm); of shares of counts Wilson's interval.
 */
export function* resampled(study: Study): Generator<number, Bands> {
  const bands: Bands = new Map()
  const { items, sight, seed, report } = study
  const read = (key: MeasureKey, tally: Tally, columns: Columns) => readingOf(key, tally, columns, sight)
  if (items.length > 0) {
    const groups = inGroups(items, GROUPS)
    const draws = chanceFrom(seed, 'bootstrap of decisions')
    const values = new Map<MeasureKey, (number | null)[]>(DRAWN.map((key) => [key, []]))
    const rounds = study.rounds(groups.length + sight.population.length * RANKED)
    for (let round = 0; round < rounds; round++) {
      const tally = new Tally()
      for (let i = 0; i < groups.length; i++) tally.addAll(groups[draws.below(groups.length)] ?? NOTHING)
      const columns = columnsOf(tally, sight)
      for (const key of DRAWN) values.get(key)?.push(read(key, tally, columns))
      yield round / rounds
    }
    for (const [key, drawn] of values) {
      const measure = measureOf(report, key)
      if (measure) set(bands, key, moved(bandAround(drawn), measure))
    }
    const without = inGroups(items, GROUPS_LEFT_OUT).map((group) => {
      const tally = new Tally()
      tally.addAll(study.selection.total)
      tally.addAll(group, -1)
      return { tally, columns: columnsOf(tally, sight) }
    })
    for (const key of LEFT_OUT)
      set(
        bands,
        key,
        jackknife(
          measureOf(report, key),
          without.map(({ tally, columns }) => read(key, tally, columns)),
        ),
      )
  }
  set(bands, 'independent-voices', jackknife(measureOf(report, 'independent-voices'), voicesWithout(study)))
  set(bands, 'agenda', jackknife(measureOf(report, 'agenda'), agendaWithout(study)))
  for (const key of ['unresolved-overturned', 'exit-reachability', 'exits', 'forks'] as const)
    set(bands, key, shareAround(measureOf(report, key)))
  return bands
}

function readingOf(key: MeasureKey, tally: Tally, columns: Columns, sight: Sight): number | null {
  if (isConcentration(key)) return concentration(key, tally, columns, sight.population.length)
  if (key === 'consent-coverage') return consent(tally).value
  if (key === 'introducer-concentration') return introducers(tally, 0).value
  return key === 'capital-alignment' || key === 'seniority-alignment' ? alignment(key, tally, sight).value : null
}

function inGroups(items: readonly Item[], most: number): readonly Tally[] {
  const groups = Array.from({ length: Math.min(most, items.length) }, () => new Tally())
  for (const [i, item] of items.entries()) groups[i % groups.length]?.add(item)
  return groups
}

const NOTHING = new Tally()

function voicesWithout({ split, selection }: Study): readonly (number | null)[] {
  const table = new DenseVotes(split, (peer) => selection.roll.nameOf(peer))
  const groups = Math.min(GROUPS_LEFT_OUT, split.length)
  return Array.from({ length: groups }, (_, left) => voices(table.without(left, groups), split.length).value)
}

function agendaWithout({ selection }: Study): readonly (number | null)[] {
  const proposers = actsIn(selection).agenda.map(({ peer }) => peer)
  const counts = new Map<string, number>()
  for (const peer of proposers) counts.set(peer, (counts.get(peer) ?? 0) + 1)
  return proposers.map((left) => {
    const others = [...counts].map(([peer, count]) => (peer === left ? count - 1 : count))
    return proposers.length < 3 ? null : effectiveDeciders(others)
  })
}

/** So that its middle is the value: what is drawn again is noisier than what it is drawn from, and lies beside it. */
function moved(band: (Band & { readonly median: number }) | null, { value, unit }: Measure): Band | null {
  if (band === null || value === null) return null
  const by = value - band.median
  const [least, most] = unit === 'of' ? [1, Infinity] : [unit === 'rho' ? -1 : 0, 1]
  const within = (x: number) => Math.max(least, Math.min(most, x))
  return { low: within(band.low + by), high: within(band.high + by) }
}

/** From values with one of so many groups left out. On the logarithm, as such numbers err by a factor. */
function jackknife(measure: Measure | undefined, without: readonly (number | null)[]): Band | null {
  const known = without.flatMap((value) => (value === null || value === Infinity ? [] : [ln(value)]))
  if (measure?.value == null || known.length < 2 || known.length < without.length) return null
  const mean = sum(known) / known.length
  const spread = sum(known.map((value) => (value - mean) * (value - mean)))
  const error = Math.sqrt((spread * (known.length - 1)) / known.length)
  const factor = exp(normalQuantile((1 + CONFIDENCE) / 2) * error)
  const high = measure.value * factor
  return Number.isFinite(high) ? { low: Math.max(1, measure.value / factor), high } : null
}

const measureOf = ({ panel, drawer }: Report, key: MeasureKey): Measure | undefined =>
  [...panel, ...drawer].find((each) => each.key === key)

function shareAround(measure: Measure | undefined): Band | null {
  if (measure?.value == null) return null
  return wilson(Math.round(measure.value * measure.n), measure.n, CONFIDENCE)
}

function set(bands: Bands, key: MeasureKey, band: Band | null): void {
  if (band !== null) bands.set(key, band)
}
