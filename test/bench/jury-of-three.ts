import { Stage } from '../../src/entry/rehearsal/stage.ts'
import { median } from '../../src/entry/rehearsal/summary.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import type { Vote } from '../../src/domain/ledger/entry.ts'
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
    await gather(tabs, [ann, ben], jurors)
    for (const [i, juror] of jurors.entries()) await serve(juror, i === 0 ? 'dismiss' : 'uphold')
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

/** Has all of them know each other, both parties vouch for each juror, and the second party alone answer asks. */
async function gather(tabs: readonly Tab[], parties: readonly Tab[], jurors: readonly Tab[]): Promise<void> {
  // What each says by itself when it joins is said, and held by all.
  for (const { page } of tabs)
    await page.waitForFunction((logs) => {
      const { ready, ledger } = globalThis.moot!.governance.view
      return ready && ledger.own > 3 && ledger.logs >= logs
    }, tabs.length)
  for (const { page } of parties)
    await page.evaluate(
      async (peers) => {
        for (const peer of peers) await globalThis.moot!.governance.vouch(peer, true)
      },
      jurors.map(({ id }) => id),
    )
  for (const { page } of jurors) await page.evaluate(() => globalThis.moot!.configure({ paused: true }))
  for (const { page } of parties)
    await page.waitForFunction(
      (paused) => globalThis.moot!.view.peers.filter((peer) => peer.paused).length === paused,
      jurors.length,
    )
  await levelled(tabs)
}

/** Resolves once all of them hold the same records. */
async function levelled(tabs: readonly Tab[]): Promise<void> {
  const rootOf = ({ page }: Tab) => page.evaluate(() => globalThis.moot!.governance.view.ledger.root)
  while (new Set(await Promise.all(tabs.map(rootOf))).size > 1) {
    const [one] = tabs
    await one?.page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 100)))
  }
}

/** Serves on each jury that it is asked to, and votes as told: in the place of a person. */
const serve = ({ page }: Tab, vote: Vote) =>
  page.evaluate((told) => {
    const { governance } = globalThis.moot!
    const begun = new Set<string>()
    globalThis.moot!.subscribe(() => {
      for (const { id, asks, levels } of governance.view.cases)
        for (const ask of ['serve', 'vote'] as const) {
          const key = `${id} ${levels.length} ${ask}`
          if (!asks.includes(ask) || begun.has(key)) continue
          begun.add(key)
          void (ask === 'serve' ? governance.serve(id, true) : governance.vote(id, told, 'As told.'))
        }
    })
  }, vote)

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
async function askOne({ page }: Tab, executor: Tab): Promise<string> {
  const { job, by } = await page.evaluate(async () => {
    const moot = globalThis.moot!
    const model = moot.view.models.find(({ manifest }) => manifest.name === 'digits')!.id
    const data = new Uint8Array(28 * 28 * 4)
    const answer = await moot.ask(
      { model, input: { image: { dtype: 'float32', dims: [1, 1, 28, 28], data } } },
      { check: { mode: 'one-tab' } },
    ).done
    return { job: answer.job, by: answer.claims.map(({ peer }) => peer) }
  })
  if (job === undefined || by.join() !== executor.id) throw new Error(`answered by ${by.join()}`)
  return job
}

const contestIt = ({ page }: Tab, job: string) =>
  page.evaluate(async (id) => {
    const at = Date.now()
    const contest = await globalThis.moot!.governance.contest(id, 'quality', 'An empty page is no digit.')
    return { contest, at }
  }, job)
