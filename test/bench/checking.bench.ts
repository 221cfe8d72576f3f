import { FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import {
  executionsPerAnswer,
  simulateChecking,
  type CheckingInit,
  type Tally,
} from '../../src/sim/simulate-checking.ts'
import type { Bench, Figure } from './figure.ts'

/** Answers accepted after probation, and wrong ones of them at most: 1 in 1,000. */
const ANSWERS = 10_000
const MOST_WRONG = 10
const MOST_EXECUTIONS = 1.1

/** Seeds of what has a bar, and of what shows how it changes. */
const SEEDS = 20
const FEW_SEEDS = 5

interface Setting extends Omit<CheckingInit, 'seed' | 'answers'> {
  readonly what: string
  readonly seeds?: number
  readonly hasBar?: true
}

const withProbation = (probation: number): Charter => ({
  ...FIRST_CHARTER,
  verification: { ...FIRST_CHARTER.verification, probation },
})

const TENTH = { faulty: 0.1, wrongIn: 0.1 }
const ALL = { faulty: 0.1, wrongIn: 1 }

const SETTINGS: readonly Setting[] = [
  { what: '20 executors, 10 % wrong in 10 % of their jobs', executors: 20, ...TENTH, hasBar: true },
  { what: '20 executors, 10 % wrong in all', executors: 20, ...ALL, hasBar: true },
  { what: 'the first, with a probation of 20', executors: 20, ...TENTH, charter: withProbation(20), seeds: SEEDS },
  { what: 'the first, the faulty colluding', executors: 20, ...TENTH, colluding: true },
  { what: 'the second, the faulty colluding', executors: 20, ...ALL, colluding: true },
  { what: 'the first, askers that run the model themselves', executors: 20, ...TENTH, ownRuns: true },
  { what: 'the first, one execution of 50 vanishing', executors: 20, ...TENTH, vanishing: 0.02 },
  { what: '50 executors, 10 % wrong in 10 %', executors: 50, ...TENTH },
  { what: '50 executors, 10 % wrong in all', executors: 50, ...ALL },
  { what: '100 executors, 10 % wrong in 10 %', executors: 100, ...TENTH },
  { what: '100 executors, 10 % wrong in all', executors: 100, ...ALL },
  { what: '3,000 executors, 10 % wrong in 10 %, 5 askers', executors: 3_000, askers: 5, ...TENTH, seeds: 1 },
]

/** What checks cost, and what they miss: under the product's own rules, drawn by standing. */
export const bench: Bench = async () => SETTINGS.flatMap(figuresOf)

function figuresOf({ what, hasBar, seeds = hasBar ? SEEDS : FEW_SEEDS, ...setting }: Setting): Figure[] {
  const runs = Array.from({ length: seeds }, (_, i) =>
    simulateChecking({ seed: `checking ${i + 1}`, answers: ANSWERS, ...setting }),
  )
  const after = runs.map((run) => run.after)
  const executions = after.map(executionsPerAnswer)
  const wrong = after.map((tally) => tally.wrong)
  const probation = runs.map((run) => run.probation)
  const inProbation = (value: (tally: Tally) => number) => rounded(mean(probation.map(value)))
  const bars = (bar: number) => (hasBar ? { bar } : {})
  const of = `${what}; ${seeds === 1 ? '1 seed' : `${seeds} seeds`}`
  return [
    {
      what: `${of}: executions per answer, mean`,
      value: rounded(mean(executions)),
      unit: '',
      ...bars(MOST_EXECUTIONS),
    },
    {
      what: `${of}: the same, worst seed`,
      value: rounded(Math.max(...executions)),
      unit: '',
      ...bars(MOST_EXECUTIONS),
      raw: runs,
    },
    { what: `${of}: wrong in ${ANSWERS} answers, mean`, value: rounded(mean(wrong)), unit: '', ...bars(MOST_WRONG) },
    { what: `${of}: the same, worst seed`, value: Math.max(...wrong), unit: '', ...bars(MOST_WRONG) },
    { what: `${of}: probation: answers`, value: inProbation((tally) => tally.answers), unit: '' },
    { what: `${of}: probation: executions per answer`, value: inProbation(executionsPerAnswer), unit: '' },
    { what: `${of}: probation: wrong answers`, value: inProbation((tally) => tally.wrong), unit: '' },
    {
      what: `${of}: honest claims refuted`,
      value: runs.reduce((sum, run) => sum + run.refuted.honest, 0),
      unit: '',
      bar: 0,
    },
  ]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
