import { effectiveDeciders } from './effective-numbers.ts'
import { MEASURE_TEXTS } from './measure-texts.ts'
import {
  alignment,
  consent,
  introducers,
  LEAST_SEATS,
  read,
  unread,
  unresolved,
  voices,
  type Reading,
} from './readings.ts'
import type { Act, RoomFacts } from './recorded.ts'
import type { Measure, MeasureKey } from './report-shape.ts'
import type { Selection } from './selection.ts'
import type { OthersReadings } from './others-readings.ts'
import type { RoomReadings } from './room-readings.ts'
import { rankBiasedOverlap, turnover } from './turnover.ts'
import { idsOf, MOST_IDS, type Ids, type WindowCache } from './window-readings.ts'
import type { Class, Window } from './windows.ts'

/** Who counts as the top, where it is asked how many of it are new. */
const TOP = 5
/** Persistence of rank-biased overlap: the first ten have 86 % of the weight. */
export const PERSISTENCE = 0.9

/** Of a window in which more is to come. */
const NONE: WindowCache = { voices: null, context: -1, values: new Map(), ranking: [] }

/** Measures of what is now, and was not kept for each window: they have no series. */
const UNDATED: ReadonlySet<MeasureKey> = new Set([
  'default-grip',
  'exit-reachability',
  'power',
  'agenda',
  'exits',
  'forks',
])

/** Measures by key. */
export function measuresOf(
  selection: Selection<WindowCache>,
  list: readonly Window<WindowCache>[],
  { power, largestTree, concentration }: RoomReadings & OthersReadings,
): ReadonlyMap<MeasureKey, Measure> {
  const { total, facts } = selection
  const windows = list.map(({ cache }) => cache ?? NONE)
  const sight = selection.sight()
  const overlaps = overlapsOf(windows)
  const mine = actsIn(selection)
  const ids = (name: Class) => idsOf(list, name)
  const others = ids('others')
  const readings: Readonly<Record<MeasureKey, readonly [Reading, Ids]>> = {
    'effective-deciders': [concentration['effective-deciders'], others],
    'independent-voices': [voices(selection.coVotes.worked(), total.split), ids('split')],
    'consent-coverage': [consent(total), ids('affecting')],
    'capital-alignment': [alignment('capital-alignment', total, sight), ids('capital')],
    'default-grip': [grip(facts), ids('defaults')],
    'unresolved-overturned': [unresolved(total), ids('settled')],
    'exit-reachability': [reach(facts), listed(facts.reach.entries)],
    'nakamoto': [concentration.nakamoto, others],
    'gini': [concentration.gini, others],
    'herfindahl': [concentration.herfindahl, others],
    'entropy': [concentration.entropy, others],
    'turnover': [lastOverlap(windows, overlaps), others],
    'power': [power, listed([])],
    'introducer-concentration': [introducers(total, largestTree), ids('introductions')],
    'agenda': [agenda(mine.agenda), listed(mine.agenda.map(({ entry }) => entry))],
    'seniority-alignment': [concentration['seniority-alignment'], others],
    'exits': [share(mine.exits, mine.signers), listed(mine.exits.map(({ entry }) => entry))],
    'forks': [share(mine.forks, mine.signers), listed(mine.forks.map(({ entry }) => entry))],
  }
  const measure = (key: MeasureKey): Measure => {
    const [{ n, ...reading }, { first, count }] = readings[key]
    const series = UNDATED.has(key) ? [] : windows.map(({ values }) => values.get(key) ?? null)
    return {
      key,
      ...MEASURE_TEXTS[key],
      ...reading,
      n,
      series: key === 'turnover' ? overlaps : series,
      entries: first,
      entryCount: count,
    }
  }
  return new Map((Object.keys(readings) as MeasureKey[]).map((key) => [key, measure(key)]))
}

/** What others did, of those in the scope: acts of strangers cost nothing, and are not counted where their decisions are not. */
export function actsIn(selection: Selection<WindowCache>): Pick<RoomFacts, 'agenda' | 'exits' | 'forks' | 'signers'> {
  const { agenda: proposed, exits, forks, signers } = selection.facts
  const isMine = ({ peer }: Act) => selection.isInScope(peer)
  return {
    agenda: proposed.filter(isMine),
    exits: exits.filter(isMine),
    forks: forks.filter(isMine),
    signers: signers.filter((peer) => selection.isInScope(peer)),
  }
}

/** How far each window's ranking is that of the window before it; null of the first, and where one is empty. */
function overlapsOf(windows: readonly WindowCache[]): readonly (number | null)[] {
  return windows.map((cache, i) => {
    const before = windows[i - 1]?.ranking ?? []
    if (before.length === 0 || cache.ranking.length === 0) return null
    if (cache.overlap?.before !== before || cache.overlap.ranking !== cache.ranking)
      cache.overlap = { before, ranking: cache.ranking, value: rankBiasedOverlap(before, cache.ranking, PERSISTENCE) }
    return cache.overlap.value
  })
}

function lastOverlap(windows: readonly WindowCache[], overlaps: readonly (number | null)[]): Reading {
  const n = overlaps.filter((overlap) => overlap !== null).length
  const last = overlaps.findLastIndex((overlap) => overlap !== null)
  const value = overlaps[last] ?? null
  const [before, now] = [windows[last - 1]?.ranking, windows[last]?.ranking]
  if (value === null || before === undefined || now === undefined)
    return unread(`No two windows beside each other have ${LEAST_SEATS} seats to rank by`, n)
  return read(value, n, { beside: { name: `of the first ${TOP} replaced`, value: turnover(before, now, TOP) } })
}

function grip({ defaults }: RoomFacts): Reading {
  let [held, weight] = [0, 0]
  for (const each of defaults) {
    held += each.weight * each.unchanged * (1 - each.affirmed)
    weight += each.weight
  }
  return weight === 0
    ? unread('No default weighs anything here', defaults.length)
    : read(held / weight, defaults.length)
}

function reach({ reach: { hosts, together } }: RoomFacts): Reading {
  if (together.of === 0) return unread('You know nobody here yet: no vouch, and nobody has computed for you', 0)
  const beside = hosts.of === 0 ? null : { name: 'of your hosts', value: hosts.kept / hosts.of }
  return read(together.kept / together.of, together.of, { beside })
}

function agenda(proposals: readonly Act[]): Reading {
  const n = proposals.length
  if (n < LEAST_SEATS) return unread(`Too few proposals (${n}) to tell concentration from chance`, n)
  const counts = new Map<string, number>()
  for (const { peer } of proposals) counts.set(peer, (counts.get(peer) ?? 0) + 1)
  const value = effectiveDeciders([...counts.values()])
  return value === Infinity ? unread(`Nobody made two of these ${n} proposals`, n) : read(value, n)
}

function share(acts: readonly Act[], of: readonly string[]): Reading {
  const n = of.length
  if (n === 0) return unread('Nobody has signed this charter yet', 0)
  return read(Math.min(n, new Set(acts.map(({ peer }) => peer)).size) / n, n)
}

const listed = (ids: readonly string[]): Ids => ({ first: ids.slice(0, MOST_IDS), count: ids.length })
