import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import type { Vote } from '../../src/domain/ledger/entry.ts'
import { WRITTEN_ON_JOINING } from './runtime.ts'

/** What records, and a contest before a jury, need of real tabs, by script. */

type Paged = Pick<Tab, 'page'>

/** Resolves once a tab has said all that it says by itself when it joins, and holds as many logs as there are tabs. */
export async function settledIn({ page }: Paged, logs = 1): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const { ready, ledger } = globalThis.moot!.governance.view
      return ready && ledger.own >= wanted.own && ledger.logs >= wanted.logs
    },
    { own: WRITTEN_ON_JOINING, logs },
  )
}

/** Two parties vouch for each juror, and the second of them alone answers what the first asks. All hold the same records then. */
export async function gather(parties: readonly Tab[], jurors: readonly Tab[]): Promise<void> {
  const tabs = [...parties, ...jurors]
  await Promise.all(tabs.map((tab) => settledIn(tab, tabs.length)))
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

/** Milliseconds that records may take to be the same everywhere: two rounds, and what they take on a busy machine. */
const LEVEL_WITHIN = 60_000

/** Resolves once all of them hold the same records. Rejects where they do not come to. */
export async function levelled(tabs: readonly Paged[]): Promise<void> {
  const rootOf = ({ page }: Paged) => page.evaluate(() => globalThis.moot!.governance.view.ledger.root)
  const until = Date.now() + LEVEL_WITHIN
  for (;;) {
    const roots = await Promise.all(tabs.map(rootOf))
    if (new Set(roots).size === 1) return
    if (Date.now() > until) throw new Error(`${tabs.length} tabs hold other records: ${roots.join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Serves on each jury that it is asked to, and votes as told: in the place of a person. */
export const serveAndVote = ({ page }: Tab, vote: Vote): Promise<void> =>
  page.evaluate((told) => {
    const { governance } = globalThis.moot!
    const begun = new Set<string>()
    const look = () => {
      for (const { id, asks, levels } of governance.view.cases)
        for (const ask of ['serve', 'vote'] as const) {
          const key = `${id} ${levels.length} ${ask}`
          if (!asks.includes(ask) || begun.has(key)) continue
          begun.add(key)
          void (ask === 'serve' ? governance.serve(id, true) : governance.vote(id, told, 'As told.'))
        }
    }
    globalThis.moot!.subscribe(look)
    look()
  }, vote)

/** Asks one tab what an empty page is. */
export const askOneTab = ({ page }: Tab) =>
  page.evaluate(async () => {
    const moot = globalThis.moot!
    const model = moot.view.models.find(({ manifest }) => manifest.name === 'digits')!.id
    const data = new Uint8Array(28 * 28 * 4)
    const { state, job, claims } = await moot.ask(
      { model, input: { image: { dtype: 'float32', dims: [1, 1, 28, 28], data } } },
      { check: { mode: 'one-tab' } },
    ).done
    return { state, job, by: claims.map(({ peer }) => peer) }
  })
