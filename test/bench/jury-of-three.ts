import { Stage } from '../../src/entry/rehearsal/stage.ts'
import { median } from '../../src/entry/rehearsal/summary.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { askOneTab, gather, levelled, serveAndVote } from '../kits/governed-tabs.ts'
import type { Figure } from './figure.ts'

const TABS = 6
/** Cases, one after another in one room. */
const CASES = 5
/** Seconds from the contest to the ruling at most. */
const BAR_S = 10

/** When each phase of a case was first seen, by the calendar in milliseconds: all tabs are on one machine. */
type Phases = Readonly<Record<string, number>>

/** Six tabs, of which two vouch for the other four; a job that one of the two answers the other, contested; three of the four are drawn. */
export async function juryOfThree(): Promise<Figure> {
  const stage = await Stage.open({ signal: new AbortController().signal })
  try {
    const tabs: Tab[] = []
    for (let number = 1; number <= TABS; number++) tabs.push(await stage.openTab({ number }))
    const [ann, ben, ...jurors] = tabs
    if (ann === undefined || ben === undefined) throw new Error('there are no parties')
    await gather([ann, ben], jurors)
    for (const [i, juror] of jurors.entries()) await serveAndVote(juror, i === 0 ? 'dismiss' : 'uphold')
    for (const tab of tabs) await note(tab)
    const raw: { ms: number; phases: Record<string, number>; others: readonly number[] }[] = []
    for (let i = 0; i < CASES; i++) {
      const job = await askOne(ann, ben)
      const { contest, at } = await contestIt(ann, job)
      const seen = await Promise.all(tabs.map((tab) => phasesOf(tab, contest)))
      const others = seen.map(({ ruled = 0 }) => ruled - at)
      const phases = Object.fromEntries(Object.entries(seen[0] ?? {}).map(([phase, when]) => [phase, when - at]))
      raw.push({ ms: Math.max(...others), phases, others })
      await levelled(tabs)
    }
    return {
      what: `jury of 3 drawn, voted and ruled on six real tabs (a job with replication 1, each juror with an introducer of its own), votes by script: from the contest to the ruling on every tab, median of ${CASES}`,
      value: Math.round(median(raw.map(({ ms }) => ms)) / 10) / 100,
      unit: 's',
      bar: BAR_S,
      raw,
    }
  } finally {
    await stage.close()
  }
}

/** Has a tab note when it first sees each phase of each case. */
const note = ({ page }: Tab) =>
  page.evaluate(() => {
    const seen: Record<string, Record<string, number>> = {}
    Reflect.set(globalThis, 'phasesSeen', seen)
    globalThis.moot!.subscribe(() => {
      for (const { id, phase } of globalThis.moot!.governance.view.cases) (seen[id] ??= {})[phase] ??= Date.now()
    })
  })

const phasesOf = async ({ page }: Tab, contest: string): Promise<Phases> => {
  const ruled = await page.waitForFunction((id) => {
    const seen = Reflect.get(globalThis, 'phasesSeen') as Record<string, Record<string, number>>
    return seen[id]?.['ruled'] === undefined ? undefined : seen[id]
  }, contest)
  return (await ruled.jsonValue()) ?? {}
}

/** An ask with one executor, which is answered by the one expected. Gives the job. */
async function askOne(tab: Tab, executor: Tab): Promise<string> {
  const { job, by } = await askOneTab(tab)
  if (job === undefined || by.join() !== executor.id) throw new Error(`answered by ${by.join()}`)
  return job
}

const contestIt = ({ page }: Tab, job: string) =>
  page.evaluate(async (id) => {
    const at = Date.now()
    const contest = await globalThis.moot!.governance.contest(id, 'quality', 'An empty page is no digit.')
    return { contest, at }
  }, job)
