import type { AnswerState } from '../../domain/states.ts'
import type { AskRecord } from './record-ask.ts'

export interface Summary {
  readonly asks: number
  readonly states: Readonly<Partial<Record<AnswerState, number>>>
  /** Asks of which an attempt broke off and was asked again by itself. */
  readonly again: number
  readonly lost: number
  /** Median milliseconds from the click to the verdict. */
  readonly msTotal: number
  /** Median of the same, less the slowest executor's own computing. */
  readonly msBeyondCompute: number
  /** Milliseconds of all asks together. */
  readonly msAll: number
}

export function summaryOf(records: readonly AskRecord[], msAll: number): Summary {
  const decided = records.filter((record) => record.state !== 'lost')
  const states: Partial<Record<AnswerState, number>> = {}
  for (const { state } of records) states[state] = (states[state] ?? 0) + 1
  return {
    asks: records.length,
    states,
    again: records.filter((record) => record.again.length > 0).length,
    lost: records.length - decided.length,
    msTotal: median(decided.map((record) => record.msTotal)),
    msBeyondCompute: median(decided.map((record) => record.msTotal - record.msSlowestExecutor)),
    msAll: Math.round(msAll),
  }
}

/** One ask in a line: `agreed by 2 (cpu), 3 (cpu), 4 (gpu) in 21.4 ms`. */
export function wordsOf(record: AskRecord): string {
  const { state, msTotal, msSlowestExecutor, again, fault } = record
  const retold = again.map(
    (one) => ` Asked again by itself: ${one.reason}${one.who.length > 0 ? ` of tab ${one.who.join(', ')}` : ''}.`,
  )
  if (state === 'lost') return `lost: ${fault ?? 'unknown'} after ${msTotal} ms.${retold.join('')}`
  return `${state} ${howOf(record)} in ${msTotal} ms, the slowest computing ${msSlowestExecutor} ms.${retold.join('')}`
}

/** Who decided it, and on what. */
function howOf({ state, deciders, groups, engineOf, operator, opType, stands, lostFor }: AskRecord): string {
  const named = (tabs: readonly number[]) =>
    tabs.map((tab) => (engineOf[tab] ? `${tab} (${engineOf[tab]})` : String(tab))).join(', ')
  switch (state) {
    case 'contested':
    case 'unresolved':
      return groups.map(named).join(' against ')
    case 'settled':
    case 'proven': {
      const ground = operator === null ? '' : `by operator ${operator} (${opType}): `
      const lost = Object.entries(lostFor).map(([tab, why]) => `${named([Number(tab)])} lost (${why})`)
      return `${ground}${[stands.length > 0 ? `${named(stands)} stand` : 'none stands', ...lost].join(', ')},`
    }
    default:
      return `by ${named(deciders)}`
  }
}

/** The middle value, the mean of the two middle ones where there are two; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return Math.round((((low ?? 0) + (high ?? 0)) / 2) * 10) / 10
}
