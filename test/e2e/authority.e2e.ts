import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import type { Scope } from '../../src/domain/authority/report-shape.ts'
import { askOneTab, gather, levelled, serveAndVote, settledIn } from '../kits/governed-tabs.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterAll(() => stage.close())

const ruled = ({ page }: Tab, contest: string) =>
  page.waitForFunction(
    (id) => globalThis.moot!.governance.view.cases.some((one) => one.id === id && one.phase === 'ruled'),
    contest,
  )

/** The report as a tab works it out, for whoever looks: its digest. */
const digestOf = (page: Page, viewer: string, scope: Scope) =>
  page.evaluate(
    async (options) => {
      const { governance } = globalThis.moot!
      return governance.recompute(await governance.report(options))
    },
    { window: 0, scope, viewer },
  )

test('six tabs settle a quality contest by jury, two of them fork, and a seventh that comes late recomputes every number', async () => {
  const tabs: Tab[] = []
  for (let number = 1; number <= 6; number++) tabs.push(await stage.openTab({ number }))
  const [ann, ben, ...jurors] = tabs as [Tab, Tab, ...Tab[]]
  await gather([ann, ben], jurors)
  const { job, by } = await askOneTab(ann)
  expect(by).toEqual([ben.id])
  for (const [i, juror] of jurors.entries()) await serveAndVote(juror, i === 0 ? 'dismiss' : 'uphold')
  const contest = await ann.page.evaluate(
    (id) => globalThis.moot!.governance.contest(id, 'quality', 'An empty page is no digit.'),
    job!,
  )
  await Promise.all(tabs.map((tab) => ruled(tab, contest)))
  await levelled(tabs)

  // Two of them go by another charter, and take all of it with them.
  const before = await ann.page.evaluate(() => globalThis.moot!.governance.view.ledger.own)
  const fork = await ann.page.evaluate(async () => {
    const { governance } = globalThis.moot!
    const { charter, id } = governance.view.charters[0]!
    const child = {
      ...charter,
      title: 'Our own',
      version: charter.version + 1,
      parents: [id],
      authors: [globalThis.moot!.id],
    }
    const { history } = await governance.preview(child)
    if (history.rulings !== 1) throw new Error(`the preview shows ${history.rulings} rulings`)
    return governance.fork(child)
  })
  await ben.page.waitForFunction((id) => globalThis.moot!.governance.view.charters.some((one) => one.id === id), fork)
  const rejoined = async ({ page }: Tab) => {
    await page.evaluate((charter) => {
      const room = document.querySelector('moot-app')!.shadowRoot!.querySelector('moot-room')!
      room.dispatchEvent(
        new CustomEvent('moot-rejoin', { detail: { charter, grade: 'signed-after-diff' }, bubbles: true }),
      )
    }, fork)
    await page.waitForFunction(
      (charter) => globalThis.moot?.view.charter.id === charter && globalThis.moot.governance.view.ready,
      fork,
    )
  }
  await ben.page.evaluate((id) => globalThis.moot!.governance.sign(id, 'signed-after-diff'), fork)
  await rejoined(ann)
  await rejoined(ben)
  expect(await ann.page.evaluate(() => globalThis.moot!.id)).toBe(ann.id)
  expect(await ann.page.evaluate(() => globalThis.moot!.governance.view.ledger.own)).toBeGreaterThan(before)
  const shown = await ann.page.evaluate(() =>
    globalThis.moot!.governance.view.cases.map(({ phase, charter }) => ({ phase, title: charter.title })),
  )
  expect(shown).toEqual([{ phase: 'ruled', title: 'First charter' }])
  await ann.knows(ben.id)
  expect(await askOneTab(ann)).toMatchObject({ state: 'one-tab', by: [ben.id] })

  const late = await stage.openTab({ number: 7 })
  await settledIn(late, 7)
  await levelled([...tabs, late])
  const members = jurors[0]!
  for (const scope of ['mine', 'everything'] as const) {
    const theirs = await digestOf(members.page, members.id, scope)
    const again = await digestOf(late.page, members.id, scope)
    expect(theirs.equal && again.equal).toBe(true)
    expect(again.digest).toBe(theirs.digest)
  }
  // What it reads of who decided is on the page.
  await late.page.getByRole('link', { name: 'Authority' }).click()
  await late.page.getByText('Where authority settled').waitFor()
  // Nothing has touched a newcomer yet.
  await late.page.getByText('Everything held here', { exact: true }).click()
  await late.page.getByRole('heading', { name: 'How decisions were settled' }).waitFor()
  await late.page.getByRole('button', { name: 'Recompute' }).click()
  await late.page.getByText('Equal to the byte').waitFor()
})
