import { DecisionBook } from '../../src/domain/authority/decisions.ts'
import { factsOf } from '../../src/domain/authority/facts.ts'
import { ReportBuilder, reportOf } from '../../src/domain/authority/report.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { crowdedLedger } from '../kits/crowded-ledger.ts'
import { inputOf, recipeOf, type HistoryInit } from '../kits/histories.ts'

/** Decisions after the first so many that are added one by one. */
const ADDED = 200
const RUNS = 5

/** Milliseconds: of all point values at once; of each decision more, in its place at the end; of one that comes late by a hundred. Between them the tab may rest. */
async function values({
  decisions,
  ...init
}: HistoryInit): Promise<{ whole: number[]; each: number[]; late: number[] }> {
  const input = inputOf({ ...init, decisions: decisions + ADDED })
  const first = { ...input, decisions: input.decisions.slice(0, decisions) }
  const whole = Array.from({ length: RUNS }, () => timed(() => reportOf(first)))
  const builder = new ReportBuilder(input.recipe, input.facts)
  builder.follow(first.decisions)
  builder.report(input.recipe)
  const each: number[] = []
  for (const decision of input.decisions.slice(decisions)) {
    await rest()
    each.push(
      timed(() => {
        builder.add(decision)
        builder.report(input.recipe)
      }),
    )
  }
  const late = Array.from({ length: RUNS }, () =>
    timed(() => {
      builder.truncate(decisions + ADDED - 100)
      builder.follow(input.decisions)
      builder.report(input.recipe)
    }),
  )
  return { whole, each, late }
}

const uncertainty = (init: HistoryInit): Promise<number> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./report-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<number>) => resolve(data))
    worker.addEventListener('error', reject)
    worker.postMessage(init)
  })

/** Milliseconds: from entries to point values, by what it is spent on. */
function entries(init: {
  peers: number
  entries: number
}): Record<'size' | 'decisions' | 'facts' | 'report' | 'again', number> {
  const ledger = crowdedLedger({ seed: 'bench', ...init })
  const viewer = ledger.authors()[0] ?? ''
  const book = new DecisionBook({ viewer, charter: FIRST_CHARTER, verified: () => true, defaultNamed: () => 'choice' })
  ledger.inOrder()
  let said = { decisions: [], marked: [], agenda: [] } as ReturnType<DecisionBook['read']>
  const decisions = timed(() => (said = book.read(ledger)))
  const known = () => factsOf(ledger, said, { viewer, charter: FIRST_CHARTER, registry: [] })
  const facts = timed(known)
  const builder = new ReportBuilder(recipeOf({ viewer }), known())
  const report = timed(() => {
    builder.follow(said.decisions)
    builder.report(recipeOf({ viewer }))
  })
  const again = timed(() => {
    builder.follow(book.read(ledger).decisions)
    builder.report(recipeOf({ viewer }))
  })
  return { size: ledger.size, decisions, facts, report, again }
}

/** As decisions come: never one right upon another. */
const rest = (): Promise<void> => new Promise((resolve) => requestIdleCallback(() => resolve()))

function timed(task: () => unknown): number {
  const start = performance.now()
  task()
  return performance.now() - start
}

const benches = { values, uncertainty, entries }

declare global {
  /** What the bench in Node calls. */
  var reportBench: typeof benches
}
globalThis.reportBench = benches
