import { chanceFrom } from './chance.ts'
import { byWeight, equally, type DrawWinners } from './chance-draws.ts'
import { DenseVotes } from './dense-votes.ts'
import { actsIn, PERSISTENCE } from './measures.ts'
import { CONCENTRATION, concentration } from './neutral.ts'
import { normalQuantile } from './normal.ts'
import { simulatedUniformNull } from './nulls.ts'
import { columnsOf, LEAST_SEATS, ranking, voices } from './readings.ts'
import type { Band, MeasureKey, Report, Uncertainty } from './report-shape.ts'
import type { Bands } from './resampled.ts'
import { makesHalf } from './sentence.ts'
import { bandAround, CONFIDENCE, part, RANKED, type Study } from './study.ts'
import { Tally } from './tally.ts'
import { rankBiasedOverlap } from './turnover.ts'
import { MOST_RANKED } from './window-readings.ts'

/**
 * What chance alone gives, were the same decisions made by whoever the lot meets: each peer as likely as the others, and in
 * proportion to how many vouch for it, as juries are drawn by trust. A band holds both: what lies outside is explained by neither.
 */
export function* byChance(
  study: Study,
): Generator<number, { readonly bands: Bands; readonly half: Uncertainty['halfByChance'] }> {
  const { others, sight, selection, seed, report } = study
  const bands: Bands = new Map()
  const { population } = sight
  const weights = population.map((peer) => selection.facts.vouches.get(selection.roll.nameOf(peer)) ?? 0)
  const lots: readonly DrawWinners[] = [
    equally(chanceFrom(seed, 'equal lots'), population),
    ...(weights.some((weight) => weight > 0)
      ? [byWeight(chanceFrom(seed, 'lots by vouches'), population, weights)]
      : []),
  ]
  let half: Band | null = null
  if (others.length > 0) {
    const simulated: Band[] = []
    for (const [i, draw] of lots.entries()) {
      const { values, halves } = yield* part(simulate(study, draw), i / lots.length, (i + 1) / lots.length)
      for (const key of CONCENTRATION) widen(bands, key, bandAround(values.get(key) ?? []))
      const around = bandAround(halves)
      if (around) simulated.push(around)
    }
    half = hull(simulated)
  }
  for (const key of ['capital-alignment', 'seniority-alignment'] as const) {
    const n = valueOf(report, key)?.n ?? 0
    // Of two lists that have nothing to do with each other, ρ has a standard deviation of 1 / √(n − 1).
    const reach = Math.min(1, normalQuantile((1 + CONFIDENCE) / 2) / Math.sqrt(Math.max(1, n - 1)))
    if (valueOf(report, key)?.value != null) bands.set(key, { low: -reach, high: reach })
  }
  widen(bands, 'independent-voices', voicesDealt(study))
  widen(bands, 'turnover', overlapShuffled(study))
  const introductions = selection.total.introductions
  for (const [key, seats] of [
    ['introducer-concentration', introductions],
    ['agenda', actsIn(selection).agenda.length],
  ] as const) {
    if (seats < LEAST_SEATS || population.length === 0) continue
    const { low, high } = simulatedUniformNull({ peers: population.length, seats, rounds: study.rounds(seats), seed })
    widen(bands, key, Number.isFinite(high) ? { low, high } : null)
  }
  return { bands, half }
}

/** Rounds in which all votes of a large room are dealt anew. */
const LEAST_DEALT = 80

function* simulate(
  { others, sight, rounds: roundsOf }: Study,
  draw: DrawWinners,
): Generator<number, { readonly values: ReadonlyMap<MeasureKey, (number | null)[]>; readonly halves: number[] }> {
  const values = new Map<MeasureKey, (number | null)[]>(CONCENTRATION.map((key) => [key, []]))
  const halves: number[] = []
  const rounds = roundsOf(others.length + sight.population.length * RANKED)
  for (let round = 0; round < rounds; round++) {
    const tally = new Tally()
    for (const { winners, each } of others) tally.addWinners(draw(winners.length), each)
    const columns = columnsOf(tally, sight)
    for (const key of CONCENTRATION) values.get(key)?.push(concentration(key, tally, columns, sight.population.length))
    halves.push(makesHalf(columns.authority.peer))
    yield round / rounds
  }
  return { values, halves }
}

function voicesDealt({ split, selection, seed, rounds }: Study): Band | null {
  if (split.length === 0) return null
  const table = new DenseVotes(split, (peer) => selection.roll.nameOf(peer))
  const draws = chanceFrom(seed, 'votes dealt anew')
  const values = Array.from(
    { length: rounds(table.pairs, LEAST_DEALT) },
    () => voices(table.dealt(draws), split.length).value,
  )
  return bandAround(values)
}

/** How far the last two rankings that were compared would overlap, had their decisions fallen in either window by chance. */
function overlapShuffled({ windows, width, selection, sight, seed, rounds }: Study): Band | null {
  const isRanked = (window: Study['windows'][number] | undefined) =>
    window !== undefined && window.to - window.from === width && window.tally.seats >= LEAST_SEATS
  const last = windows.findLastIndex((window, i) => isRanked(window) && isRanked(windows[i - 1]))
  const [before, now] = [windows[last - 1], windows[last]]
  if (before === undefined || now === undefined) return null
  const isForOthers = ({ winners }: { readonly winners: readonly number[] }) => winners.length > 0
  const items = selection.within({ from: before.from, to: now.to }, isForOthers).slice()
  const first = selection.within(before, isForOthers).length
  const draws = chanceFrom(seed, 'windows shuffled')
  const name = (peer: number) => selection.roll.nameOf(peer)
  const values = Array.from({ length: rounds(2 * width + sight.population.length * RANKED) }, () => {
    draws.shuffle(items)
    const tallies = [new Tally(), new Tally()] as const
    for (const [i, { winners, each }] of items.entries()) tallies[i < first ? 0 : 1].addWinners(winners, each)
    const [a, b] = tallies.map((tally) => ranking(tally, sight, MOST_RANKED).map(name))
    return a?.length && b?.length ? rankBiasedOverlap(a, b, PERSISTENCE) : null
  })
  return bandAround(values)
}

const valueOf = ({ panel, drawer }: Report, key: MeasureKey) => [...panel, ...drawer].find((each) => each.key === key)

function hull(bands: readonly Band[]): Band | null {
  const [first, ...more] = bands
  if (first === undefined) return null
  return more.reduce<Band>((all, { low, high }) => ({ low: Math.min(all.low, low), high: Math.max(all.high, high) }), {
    low: first.low,
    high: first.high,
  })
}

function widen(bands: Bands, key: MeasureKey, band: Band | null): void {
  if (band === null) return
  const before = bands.get(key)
  bands.set(key, hull(before ? [before, band] : [band]) ?? band)
}
