import type { PeerId } from '../peer-id.ts'
import type { Item } from './item.ts'
import {
  alignment,
  byEntropy,
  columnsOf,
  consent,
  deciders,
  fewestOverHalf,
  inequality,
  introducers,
  ranking,
  squares,
  unresolved,
  voices,
  type Sight,
} from './readings.ts'
import type { MeasureKey } from './report-shape.ts'
import type { Tally } from './tally.ts'
import { windowVoices } from './window-voices.ts'
import type { Class, Window } from './windows.ts'

/** Ids that a measure names. */
export const MOST_IDS = 4_096

export interface Ids {
  readonly first: readonly string[]
  readonly count: number
}

/** What one full window comes to. */
export interface WindowCache {
  readonly voices: number | null
  /** Of which context the rest is. */
  context: number
  values: ReadonlyMap<MeasureKey, number | null>
  /** By authority, the greatest first. */
  ranking: readonly PeerId[]
  /** With the window before it: as long as both rankings are these. */
  overlap?: { readonly before: readonly PeerId[]; readonly ranking: readonly PeerId[]; readonly value: number }
}

/** Peers of a ranking that are compared with those of another. Past them rank-biased overlap at 0.9 has 3e-5 of its weight. */
export const MOST_RANKED = 100

export const newCache = (split: readonly Item[], tally: Tally, nameOf: (peer: number) => PeerId): WindowCache => ({
  voices: voices(windowVoices(split, nameOf), tally.split).value,
  context: -1,
  values: new Map(),
  ranking: [],
})

/** Brings a window's values up to what is known of the room now. */
export function refresh(
  cache: WindowCache,
  tally: Tally,
  { sight, context, nameOf }: { sight: Sight; context: number; nameOf: (peer: number) => PeerId },
): WindowCache {
  if (cache.context === context) return cache
  const columns = columnsOf(tally, sight)
  cache.context = context
  cache.values = new Map<MeasureKey, number | null>([
    ['effective-deciders', deciders(tally, columns).value],
    ['independent-voices', cache.voices],
    ['consent-coverage', consent(tally).value],
    ['capital-alignment', alignment('capital-alignment', tally, sight).value],
    ['unresolved-overturned', unresolved(tally).value],
    ['nakamoto', fewestOverHalf(tally, columns).value],
    ['gini', inequality(tally, columns, sight.population.length).value],
    ['herfindahl', squares(tally, columns).value],
    ['entropy', byEntropy(tally, columns).value],
    ['introducer-concentration', introducers(tally, 0).value],
    ['seniority-alignment', alignment('seniority-alignment', tally, sight).value],
  ])
  cache.ranking = ranking(tally, sight, MOST_RANKED).map(nameOf)
  return cache
}

/** The ids of a class over windows in order. */
export function idsOf(windows: readonly Window<WindowCache>[], name: Class): Ids {
  const first: string[] = []
  let count = 0
  for (const { ids } of windows) {
    const own = ids[name]
    count += own.length
    for (let i = 0; i < own.length && first.length < MOST_IDS; i++) first.push(own[i] ?? '')
  }
  return { first, count }
}
