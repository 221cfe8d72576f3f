import { chanceFrom } from './chance.ts'
import { richGetRicher } from './chance-draws.ts'
import { mannKendall } from './drift.ts'
import type { Item } from './item.ts'
import { ln } from './logarithm.ts'
import {
  byEntropy,
  columnsOf,
  deciders,
  fewestOverHalf,
  inequality,
  squares,
  type Columns,
  type Sight,
} from './readings.ts'
import type { MeasureKey } from './report-shape.ts'
import { Tally } from './tally.ts'

/** Measures of how concentrated authority is: what neutral rules do to them by themselves is no drift. */
export const CONCENTRATION = ['effective-deciders', 'nakamoto', 'gini', 'herfindahl', 'entropy'] as const
export type Concentration = (typeof CONCENTRATION)[number]

export const isConcentration = (key: MeasureKey): key is Concentration =>
  (CONCENTRATION as readonly MeasureKey[]).includes(key)

/** One window of decisions for others, and who came with it. */
export interface NeutralWindow {
  readonly items: readonly Item[]
  /** Peers who appear in it for the first time. */
  readonly arrived: readonly number[]
}

export function concentration(key: Concentration, tally: Tally, columns: Columns, peers: number): number | null {
  switch (key) {
    case 'effective-deciders':
      return deciders(tally, columns).value
    case 'nakamoto':
      return fewestOverHalf(tally, columns).value
    case 'gini':
      return inequality(tally, columns, peers).value
    case 'herfindahl':
      return squares(tally, columns).value
    case 'entropy':
      return byEntropy(tally, columns).value
    default:
      return key satisfies never
  }
}

/**
 * What drift is looked for in: of effective deciders ln(N / N_null), N_null being how many there are, as the estimator has no bias
 * (E Σm(m−1)/(M(M−1)) = 1/n); of others the value itself.
 */
export const driftSeries = (
  key: MeasureKey,
  series: readonly (number | null)[],
  peers: readonly number[],
): readonly number[] =>
  series.flatMap((value, i) => {
    if (value === null) return []
    return key === 'effective-deciders' ? [ln(value / Math.max(1, peers[i] ?? 1))] : [value]
  })

/** Mann-Kendall's Z of each measure in one room that goes on as this one did, under neutral rules with honest people: who sat is asked again. */
export function neutralTrends(
  windows: readonly NeutralWindow[],
  sight: Sight,
  seed: Uint8Array,
  round: number,
): Readonly<Record<Concentration, number>> {
  const urn = richGetRicher(chanceFrom(seed, `neutral room ${round}`))
  const series: Record<Concentration, (number | null)[]> = {
    'effective-deciders': [],
    'nakamoto': [],
    'gini': [],
    'herfindahl': [],
    'entropy': [],
  }
  const present: number[] = []
  let peers = 0
  for (const { items, arrived } of windows) {
    urn.arrive(arrived)
    peers += arrived.length
    present.push(peers)
    const tally = new Tally()
    for (const { winners, each } of items) tally.addWinners(urn.draw(winners.length), each)
    const columns = columnsOf(tally, sight)
    for (const key of CONCENTRATION) series[key].push(concentration(key, tally, columns, sight.population.length))
  }
  const trend = (key: Concentration) => {
    const values = driftSeries(key, series[key], present)
    return values.length < 2 ? 0 : mannKendall(values).Z
  }
  return {
    'effective-deciders': trend('effective-deciders'),
    'nakamoto': trend('nakamoto'),
    'gini': trend('gini'),
    'herfindahl': trend('herfindahl'),
    'entropy': trend('entropy'),
  }
}

/** How often neutral rooms are as far from their median as this one: two-sided, never 0. */
export function amongNeutral(observed: number, neutral: readonly number[]): number {
  const ascending = neutral.toSorted((a, b) => a - b)
  const median = ascending[ascending.length >> 1] ?? 0
  const off = Math.abs(observed - median)
  const reached = neutral.filter((each) => Math.abs(each - median) >= off).length
  return (reached + 1) / (neutral.length + 1)
}
