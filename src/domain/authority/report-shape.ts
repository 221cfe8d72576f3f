import type { Grade } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import type { Route } from '../states.ts'

/**
 * The shapes of a report: what an Authority page shows, an export holds and another tab recomputes to the same byte. Plain data, which
 * dag-cbor and JSON hold alike: no `undefined`, no NaN, no infinity (a measure without a value says why).
 */

/** Something that was decided, by whom, on which ground. */
export interface Decision {
  /** Of the entry that records it, in hexadecimal. */
  readonly entry: string
  readonly kind: 'job' | 'proof' | 'ruling' | 'amendment' | 'charter' | 'default' | 'introduction'
  readonly route: Route
  /** How many it binds: ω. */
  readonly weight: number
  /** Winning votes that it took: q. */
  readonly quota: number
  readonly deciders: readonly { readonly peer: PeerId; readonly won: boolean }[]
  readonly affected: readonly { readonly peer: PeerId; readonly grade: Grade | 'none' }[]
  /** A later step undid it. */
  readonly overturned: boolean
  /** Why nothing was decided, where that is so. */
  readonly unresolved: string | null
  /** Of a ruling: the case, in hexadecimal. */
  readonly contest: string | null
}

/** Which decisions count. `mine`: those that affect the viewer, or keys in the viewer's own trust. */
export type Scope = 'mine' | 'everything'

/** What a report was computed from. Two reports with equal recipes are equal to the byte. */
export interface Recipe {
  /** Sha-256 of the rules' sources, in hexadecimal. */
  readonly code: string
  /** Of the entry set, in hexadecimal. */
  readonly root: string
  /** The last so many decisions in causal order; 0 for all. */
  readonly window: number
  readonly scope: Scope
  readonly viewer: PeerId
  /** Heads held, of all that were heard of. */
  readonly coverage: { readonly held: number; readonly known: number }
}

/** Where a number lies under chance alone, or when the decisions are drawn again: 95 %. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** By which kind of actor deciders are counted: each key, all of an introducer tree, all who vote alike. */
export type Collapse = 'peer' | 'tree' | 'bloc'

export const PANEL = [
  'effective-deciders',
  'independent-voices',
  'consent-coverage',
  'capital-alignment',
  'default-grip',
  'unresolved-overturned',
  'exit-reachability',
] as const
export const DRAWER = [
  'nakamoto',
  'gini',
  'herfindahl',
  'entropy',
  'turnover',
  'power',
  'introducer-concentration',
  'agenda',
  'seniority-alignment',
  'exits',
  'forks',
] as const
export type MeasureKey = (typeof PANEL)[number] | (typeof DRAWER)[number]

/** One number, with all it takes to read it. */
export interface Measure {
  readonly key: MeasureKey
  readonly name: string
  /** Null where there is none; `why` says why. */
  readonly value: number | null
  readonly why: string | null
  /** What stands beside the value: seats beside independent voices, overturned beside unresolved, p beside ρ. */
  readonly beside: { readonly name: string; readonly value: number } | null
  /** `of`: a count of peers; `share`: 0..1; `rho`: −1..1. */
  readonly unit: 'of' | 'share' | 'rho'
  /** Decisions (or pairs, votes, members) that it was computed from, and what they are called. */
  readonly n: number
  readonly of: string
  /** The same in successive windows of equal numbers of decisions, the oldest first; null where one has too few. */
  readonly series: readonly (number | null)[]
  /** The value at each collapse, where it has any; the headline is the smallest. */
  readonly collapses: Readonly<Record<Collapse, number | null>> | null
  /** The source: authors and year. */
  readonly source: string
  /** How it is gamed, in a sentence or two. */
  readonly gamed: string
  /** Ids (hexadecimal) of the entries that it was computed from: the first 4,096, and how many there are. */
  readonly entries: readonly string[]
  readonly entryCount: number
}

/** What a worker adds to a report: intervals, what chance alone predicts, and whether the series drifts. */
export interface Uncertainty {
  readonly recipe: Recipe
  readonly measures: readonly {
    readonly key: MeasureKey
    readonly interval: Band | null
    readonly chance: Band | null
    /** Null under eight windows. `significant` after Benjamini-Hochberg over all measures at 5 %. */
    readonly drift: {
      readonly direction: -1 | 0 | 1
      readonly p: number
      readonly significant: boolean
      readonly alarms: readonly number[]
    } | null
    /** Of a correlation. */
    readonly p: number | null
  }[]
  /** Deciders that chance predicts to make half of the decisions. */
  readonly halfByChance: Band | null
}

export interface Ranked {
  /** A peer, a tree's root, or the first of a bloc's members. */
  readonly actor: PeerId
  readonly members: number
  /** Of all authority over what was decided by discretion, 0..1: a_i. */
  readonly share: number
  readonly decisions: number
}

/** What the same votes come to when seats are filled by another rule. */
export interface Flip {
  readonly rule: 'compute' | 'seniority' | 'one-each'
  /** Rulings that come out otherwise, of how many that could be counted again. */
  readonly flipped: number
  readonly of: number
  /** Ids of the rulings that flip, hexadecimal: the first 64. */
  readonly rulings: readonly string[]
}

export interface Report {
  readonly recipe: Recipe
  /** One sentence in plain words. */
  readonly sentence: string
  readonly decisions: number
  /** Decisions in which somebody had discretion. */
  readonly discretionary: number
  readonly peers: number
  /** Share of the decisions by the route on which they were settled: in all, and in successive windows of equal numbers. */
  readonly routes: {
    readonly total: Readonly<Record<Route, number>>
    readonly windows: readonly { readonly decisions: number; readonly counts: Readonly<Record<Route, number>> }[]
  }
  readonly panel: readonly Measure[]
  readonly drawer: readonly Measure[]
  readonly ranked: Readonly<Record<Collapse, readonly Ranked[]>>
  readonly flips: readonly Flip[]
  readonly consent: Readonly<Record<Grade | 'none', number>>
  /** Entries that are held and do not count, by reason. */
  readonly marked: readonly { readonly why: string; readonly entries: number }[]
}
