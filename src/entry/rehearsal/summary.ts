import type { AnswerState } from '../../domain/states.ts'
import type { AskRecord } from './rehearsal.ts'

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
export function wordsOf({
  state,
  deciders,
  groups,
  engineOf,
  msTotal,
  msSlowestExecutor,
  again,
  fault,
}: AskRecord): string {
  const tab = (number: number) => `${number} (${engineOf[number]})`
  const who =
    state === 'contested'
      ? groups.map((group) => group.map(tab).join(', ')).join(' against ')
      : deciders.map(tab).join(', ')
  const retold = again.map(
    (one) => ` Asked again by itself: ${one.reason}${one.who.length > 0 ? ` of tab ${one.who.join(', ')}` : ''}.`,
  )
  if (state === 'lost') return `lost: ${fault ?? 'unknown'} after ${msTotal} ms.${retold.join('')}`
  return `${state} by ${who} in ${msTotal} ms, the slowest computing ${msSlowestExecutor} ms.${retold.join('')}`
}

/** The middle value, the mean of the two middle ones where there are two; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return Math.round((((low ?? 0) + (high ?? 0)) / 2) * 10) / 10
}
