import type { Measure, MeasureKey, Uncertainty } from '../../domain/authority/report-shape.ts'
import { band, counted, figure, likely } from './figures.ts'

/** What the page says of one measure, as text. */

export type MeasureUncertainty = Uncertainty['measures'][number]
/** What a worker says of it; undefined while it is on its way; null where it does not come. */
export type Pending = MeasureUncertainty | undefined | null

/** The question that a measure answers, in a line; and what it is, for who wants to know. */
export const ABOUT: Readonly<Record<MeasureKey, { readonly asks: string; readonly what: string }>> = {
  'effective-deciders': {
    asks: 'How many equals would share authority as these deciders do',
    what: 'Every vote that a ruling or an amendment took is a seat. If all had held equally many, this would be their number; the more a few hold, the smaller it is. It is compared with what chance alone gives: few seats look uneven by themselves.',
  },
  'independent-voices': {
    asks: 'How many of those who sit vote of their own mind',
    what: 'Two who always vote alike are one voice in two seats. This counts voices by how much their votes in contested cases go together, and stands beside the number of seats.',
  },
  'consent-coverage': {
    asks: 'How many of those affected had signed the rule before it was used',
    what: 'Of all whom decisions bind, the share that had signed the charter before. What each signature was worth is stacked below: who wrote the rule signed otherwise than who clicked.',
  },
  'capital-alignment': {
    asks: 'Whether who computes more also decides more',
    what: 'The rank correlation between verified compute and authority over rulings. +1: those who bring the most hardware decide the most. 0: it buys nothing. −1: they decide least.',
  },
  'default-grip': {
    asks: 'How much rests on choices that nobody looked at',
    what: 'Of what runs on defaults, the share that is run unchanged by those who never saw the alternatives.',
  },
  'unresolved-overturned': {
    asks: 'What stayed open, and what was undone later',
    what: 'Two shares that belong together: a room that leaves nothing open and undoes nothing has either few conflicts or few who may object.',
  },
  'exit-reachability': {
    asks: 'What you keep if you fork now',
    what: 'Of the peers whom you trust and those who host your models, the share that could come with you under another charter; beside it the hosts alone. Where it is small, leaving is no way out.',
  },
  'nakamoto': {
    asks: 'How few together make more than half',
    what: 'The least number of deciders whose shares together exceed one half.',
  },
  'gini': {
    asks: 'How uneven the shares are',
    what: '0 where all have an equal share, 1 where one has everything; corrected for few. Members who decided nothing count as well.',
  },
  'herfindahl': {
    asks: 'How likely two decisions drawn by lot have one decider',
    what: 'The sum of squared shares.',
  },
  'entropy': {
    asks: 'How many equals would be as hard to guess',
    what: 'The exponential of the entropy of shares, corrected for few. It counts small deciders for more than the effective number does.',
  },
  'turnover': {
    asks: 'How much of the ranking stays as it was',
    what: 'How far the last two rankings of deciders overlap, the top counting most; beside it how many of the first five are new.',
  },
  'power': {
    asks: 'How much of the power to turn an amendment lies with the strongest',
    what: 'Of all coalitions that one more introducer tree turns into a ratifying one, the share of the tree that turns the most; beside it the same over all orders in which trees could join.',
  },
  'introducer-concentration': {
    asks: 'How many introducers the members came through',
    what: 'The effective number of introducers; beside it the members who came through the largest. Who introduces many decides who may sit.',
  },
  'agenda': {
    asks: 'How many put questions to the others',
    what: 'The effective number of those who propose. Who sets the question often decides the answer.',
  },
  'seniority-alignment': {
    asks: 'Whether who came first decides more',
    what: 'The rank correlation between how long a log is and authority over rulings.',
  },
  'exits': { asks: 'How many left the charter', what: 'The share of members who left, with a Wilson interval.' },
  'forks': {
    asks: 'How many went by a charter of their own',
    what: 'The share of members who forked, with a Wilson interval.',
  },
}

/** What stands beside the value, in small: `of 14`, `beside 11 seats`, `p 0.03`. */
export function besideWords({ key, unit, value, beside }: Measure, peers: number, pending: Pending): string {
  if (value === null) return ''
  if (unit === 'rho') return alignmentWords(beside?.value ?? pending?.p, pending)
  if (beside === null) return unit === 'of' ? `of ${peers.toLocaleString('en')}` : ''
  const more = `${figure(beside.value, unit)} ${beside.name}`
  if (key === 'unresolved-overturned') return `unresolved, ${more}`
  return unit === 'of' ? `beside ${more}` : more
}

function alignmentWords(p: number | null | undefined, pending: Pending): string {
  if (typeof p === 'number') return likely(p)
  return pending === undefined ? 'p: on its way' : ''
}

/** `from 182 decisions`. */
export const basisWords = ({ n, of }: Pick<Measure, 'n' | 'of'>): string => `from ${counted(n, of)}`

export function intervalWords({ unit, value }: Measure, pending: Pending): string {
  if (value === null) return 'none'
  if (pending === undefined) return 'on its way'
  return pending?.interval ? band(pending.interval, unit) : pending ? 'none' : 'not known'
}

export function chanceWords({ unit, value }: Measure, pending: Pending): string {
  if (value === null) return 'none'
  if (pending === undefined) return 'on its way'
  return pending?.chance ? band(pending.chance, unit) : pending ? 'does not apply' : 'not known'
}

/** Whether chance alone explains the value; undefined where that is not known. */
export function isBeyondChance({ value }: Measure, pending: Pending): boolean | undefined {
  if (value === null || !pending?.chance) return undefined
  return value < pending.chance.low || value > pending.chance.high
}

export type DriftShape = 'rises' | 'falls' | 'steady' | 'unknown'

/** An arrow only where chance does not explain it. */
export function driftShape({ value }: Measure, pending: Pending): DriftShape {
  if (value === null || !pending?.drift) return 'unknown'
  const { direction, significant } = pending.drift
  return !significant || direction === 0 ? 'steady' : direction > 0 ? 'rises' : 'falls'
}

export function driftWords(measure: Measure, pending: Pending): string {
  if (measure.value === null) return 'no drift to tell'
  if (pending === undefined) return 'drift: on its way'
  if (!pending?.drift) return 'too short to tell'
  const shape = driftShape(measure, pending)
  const p = likely(pending.drift.p)
  return shape === 'steady' ? `no clear drift, ${p}` : `${shape}, ${p}`
}

/** All of a measure's row in a few sentences, for who does not see it. */
export function readOut(measure: Measure, peers: number, pending: Pending): string {
  const { name, value, unit, why } = measure
  if (value === null) return `${name}: no value. ${why ?? ''}`.trim()
  const beyond = isBeyondChance(measure, pending)
  const beside = besideWords(measure, peers, pending)
  return [
    `${name}: ${figure(value, unit)}${beside && (unit === 'rho' ? `, ${beside}` : ` ${beside}`)}, ${basisWords(measure)}.`,
    `95 % interval ${intervalWords(measure, pending)}.`,
    `Chance alone: ${chanceWords(measure, pending)}${beyond === undefined ? '' : beyond ? ', and this lies outside' : ', and this lies within'}.`,
    `Over time: ${driftWords(measure, pending)}.`,
  ].join(' ')
}
