import { descending, type ActorOf } from './actors.ts'
import { spearman } from './association.ts'
import type { Worked } from './co-votes.ts'
import { gini, nakamoto, shannonMillerMadow } from './concentration.ts'
import { effectiveDeciders, herfindahl } from './effective-numbers.ts'
import { designEffectSize } from './independence.ts'
import { exp } from './logarithm.ts'
import type { Collapse, Measure } from './report-shape.ts'
import { byGrade, type Counts, type Tally } from './tally.ts'

/** What one measure comes to over some decisions. */
export interface Reading extends Pick<Measure, 'value' | 'why' | 'beside' | 'collapses' | 'n'> {}

/** Seats under which their concentration is hidden: what 20 show is mostly chance. */
export const LEAST_SEATS = 20
/** Pairs of a rank correlation. */
const LEAST_RANKED = 10

/** What measures need to know beside a tally. Numbers stand for peers. */
export interface Sight {
  /** Those among whom decisions could be: members, and whoever sat. In the order of their names. */
  readonly population: readonly number[]
  readonly actors: Readonly<Record<Collapse, ActorOf>>
  /** 0 of the oldest log. */
  readonly placeOf: (peer: number) => number | undefined
}

export const COLLAPSES = ['peer', 'tree', 'bloc'] as const satisfies readonly Collapse[]

export const read = (value: number, n: number, more: Partial<Pick<Reading, 'beside' | 'collapses'>> = {}): Reading => ({
  value,
  why: null,
  n,
  beside: null,
  collapses: null,
  ...more,
})
export const unread = (why: string, n: number): Reading => ({ value: null, why, n, beside: null, collapses: null })

/** Seats and authority of each actor, the greatest first, by collapse. */
export interface Columns {
  readonly seats: Readonly<Record<Collapse, readonly number[]>>
  readonly authority: Readonly<Record<Collapse, readonly number[]>>
}

export function columnsOf(tally: Tally, { population, actors }: Sight): Columns {
  const byCollapse = (counts: Counts) => {
    const peer = descending(population, counts, actors.peer)
    const of = (collapse: Collapse) =>
      actors[collapse] === actors.peer ? peer : descending(population, counts, actors[collapse])
    return { peer, tree: of('tree'), bloc: of('bloc') }
  }
  return { seats: byCollapse(tally.seatsOf), authority: byCollapse(tally.authorityOf) }
}

export function deciders({ seats: n }: Tally, { seats }: Columns): Reading {
  if (n < LEAST_SEATS) return tooFewSeats(n)
  const none = `Nobody holds two of these ${n} seats: their holders are too many to count`
  return least(seats, (counts) => finite(effectiveDeciders(counts)), { n, none })
}

export function byEntropy({ seats: n }: Tally, { seats }: Columns): Reading {
  return n < LEAST_SEATS ? tooFewSeats(n) : least(seats, (counts) => exp(shannonMillerMadow(counts)), { n })
}

export function fewestOverHalf({ seats, forOthers: n }: Tally, { authority }: Columns): Reading {
  return seats < LEAST_SEATS ? tooFewSeats(seats, n) : least(authority, (weights) => nakamoto(weights, HALF), { n })
}

/** Among all of the population: whoever decided nothing has a share of 0. */
export function inequality({ seats }: Tally, { authority }: Columns, n: number): Reading {
  if (seats < LEAST_SEATS) return tooFewSeats(seats, n)
  if (n < 2) return unread('One peer alone has everything', n)
  const idle = Array.from({ length: n - authority.peer.length }, () => 0)
  return read(gini([...idle, ...authority.peer.toReversed()], { unbiased: true }), n)
}

export function squares({ seats, forOthers: n }: Tally, { authority: { peer } }: Columns): Reading {
  if (seats < LEAST_SEATS) return tooFewSeats(seats, n)
  const total = peer.reduce((sum, units) => sum + units, 0)
  return read(herfindahl(peer.map((units) => units / total)), n)
}

/** Rank correlations with authority: whose, and what it is called. */
const ALIGNED = { 'capital-alignment': 'verified compute', 'seniority-alignment': 'seniority' } as const
export type Alignment = keyof typeof ALIGNED

/** The two lists that a rank correlation is taken of; why there is none, where there is none. */
export function aligned(
  key: Alignment,
  tally: Tally,
  { population, placeOf }: Sight,
): { readonly n: number } & (
  | { readonly x: readonly number[]; readonly y: readonly number[] }
  | { readonly why: string }
) {
  const isByAge = key === 'seniority-alignment'
  const peers = isByAge ? population.filter((peer) => placeOf(peer) !== undefined) : population
  const n = peers.length
  if (n < LEAST_RANKED) return { n, why: `Too few peers (${n}) to tell alignment from chance` }
  const x = peers.map((peer) => (isByAge ? -(placeOf(peer) ?? 0) : tally.computeOf.at(peer)))
  const y = peers.map((peer) => tally.authorityOf.at(peer))
  if (isOne(x)) return { n, why: `Nobody has more ${ALIGNED[key]} than another` }
  if (isOne(y)) return { n, why: 'Nobody has more authority than another' }
  return { n, x, y }
}

export function alignment(key: Alignment, tally: Tally, sight: Sight): Reading {
  const lists = aligned(key, tally, sight)
  return 'why' in lists ? unread(lists.why, lists.n) : read(spearman(lists.x, lists.y).rho, lists.n)
}

export function consent(tally: Tally): Reading {
  const { none, ...signed } = byGrade(tally)
  const given = Object.values(signed).reduce((sum, count) => sum + count, 0)
  const n = given + none
  return n === 0 ? unread('No decision has bound anybody yet', n) : read(given / n, n)
}

export function unresolved({ settled, unresolved: open, overturned }: Tally): Reading {
  if (settled === 0) return unread('Nothing has been asked or contested yet', 0)
  return read(open / settled, settled, { beside: { name: 'overturned', value: overturned / settled } })
}

/** `largest`: members of the largest tree. */
export function introducers(tally: Tally, largest: number): Reading {
  const n = tally.introductions
  if (n < LEAST_SEATS) return unread(`Too few introductions (${n}) to tell concentration from chance`, n)
  const value = finite(effectiveDeciders(tally.introducedBy.positive()))
  if (value === null) return unread(`Nobody made two of these ${n} introductions`, n)
  return read(value, n, { beside: { name: 'members through the largest', value: largest } })
}

export function voices({ voters, pairs, meanSquare }: Worked, split: number): Reading {
  if (pairs === 0) return unread(`Too few split cases (${split}): no two jurors sat in eight of them together`, split)
  return read(designEffectSize(voters, meanSquare), split, { beside: { name: 'seats', value: voters } })
}

/** Peers by authority, the greatest first, and those of one authority in the order of the population: the first `most`. Empty where there are too few seats. */
export function ranking({ seats, authorityOf }: Tally, { population }: Sight, most: number): readonly number[] {
  if (seats < LEAST_SEATS) return []
  return population
    .filter((peer) => authorityOf.at(peer) > 0)
    .sort((a, b) => authorityOf.at(b) - authorityOf.at(a))
    .slice(0, most)
}

const HALF = 0.5

const tooFewSeats = (seats: number, n = seats): Reading =>
  unread(`Too few seats (${seats}) to tell concentration from chance`, n)

const finite = (value: number): number | null => (value === Infinity ? null : value)

function least(
  counts: Readonly<Record<Collapse, readonly number[]>>,
  value: (counts: readonly number[]) => number | null,
  { n, none = '' }: { n: number; none?: string },
): Reading {
  const peer = value(counts.peer)
  const of = (collapse: Collapse) => (counts[collapse] === counts.peer ? peer : value(counts[collapse]))
  const collapses = { peer, tree: of('tree'), bloc: of('bloc') }
  const known = COLLAPSES.flatMap((collapse) => collapses[collapse] ?? [])
  return known.length === 0 ? unread(none, n) : read(Math.min(...known), n, { collapses })
}

const isOne = (values: readonly number[]): boolean => values.every((value) => value === values[0])
