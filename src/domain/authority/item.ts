import { GRADES } from '../ledger/entry.ts'
import type { Route } from '../states.ts'
import type { Decision } from './report-shape.ts'
import type { Recorded } from './recorded.ts'
import type { Roll } from './roll.ts'

export const ROUTES = [
  'arithmetic',
  'agreement',
  'jury',
  'rule',
  'default',
  'timeout',
  'requester',
  'unresolved',
] as const satisfies readonly Route[]

export const ALL_GRADES = [...GRADES, 'none'] as const

/** A decision with numbers for its peers, and what is asked of it again and again. */
export interface Item {
  readonly decision: Recorded
  /** Place in `ROUTES`. */
  readonly route: number
  /** Somebody had discretion. */
  readonly discretionary: boolean
  /** Those who made it, where it is a ruling or an amendment, and so a decision for others. */
  readonly winners: readonly number[]
  /** What each of these has of it: ω over their number, in `UNITS`. */
  readonly each: number
  readonly deciders: readonly number[]
  /** Of a ruling: 1 for each decider who upheld. */
  readonly upheld: readonly (0 | 1)[]
  /** Of a ruling: votes were cast for both sides. */
  readonly split: boolean
  readonly computed: readonly number[]
  /** Who introduced somebody, by what is not taken back. */
  readonly introducer: number | undefined
}

/**
 * One ω is so many units: the least common multiple of 1 to 22. Sums of whole units are exact, and so the same in whatever order decisions come and
 * go; of a decision with more winners than 22, the part of each is off by 2e-9 of it at the most.
 */
const UNITS = 232_792_560

export function itemOf(decision: Recorded, roll: Roll): Item {
  const { kind, deciders, votes } = decision
  const numbers = deciders.map(({ peer }) => roll.numberOf(peer))
  const winners = isForOthers(decision) ? numbers.filter((_, i) => deciders[i]?.won) : []
  const upheld = kind === 'ruling' ? votes.map((vote): 0 | 1 => (vote === 'uphold' ? 1 : 0)) : []
  return {
    decision,
    route: ROUTES.indexOf(decision.route),
    discretionary: isDiscretionary(decision),
    winners,
    each: winners.length === 0 ? 0 : Math.round((decision.weight * UNITS) / winners.length),
    deciders: numbers,
    upheld,
    split: upheld.includes(0) && upheld.includes(1),
    computed: decision.computed.map((peer) => roll.numberOf(peer)),
    introducer: kind === 'introduction' && !decision.overturned ? numbers[0] : undefined,
  }
}

/** Whether somebody decided for others: such decisions are what authority is counted over. A vouch or a default that one sets binds oneself. */
const isForOthers = ({ kind }: Decision): boolean => kind === 'ruling' || kind === 'amendment'

/** Arithmetic and agreement leave nobody a choice, and how one has one's own job checked is no authority. */
function isDiscretionary({ kind, deciders }: Decision): boolean {
  switch (kind) {
    case 'job':
    case 'proof':
      return false
    case 'ruling':
    case 'amendment':
    case 'charter':
    case 'default':
    case 'introduction':
      return deciders.some(({ won }) => won)
    default:
      return kind satisfies never
  }
}
