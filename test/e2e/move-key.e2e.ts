import type { Download, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { levelled, settledIn } from '../kits/governed-tabs.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterAll(() => stage.close())

const lengthOf = (page: Page) => page.evaluate(() => globalThis.moot!.governance.view.ledger.own)
const forksIn = (page: Page) => page.evaluate(() => globalThis.moot!.governance.view.ledger.forks)

const idOf = (page: Page) => page.evaluate(() => globalThis.moot!.id)

/** A tab's page at the door, with a file given to it as a person would. */
async function bring(number: number, file: Download): Promise<Page> {
  const page = await stage.emptyPage(number)
  page.setDefaultTimeout(60_000)
  await page.goto(stage.url({}))
  await page.getByLabel('Bring a key from another device').setInputFiles(await file.path())
  await page.getByText('whose key is in the file').waitFor()
  return page
}

async function press(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join', exact: true }).click()
}

test('a key moves from one device to another, which signs on in one log that never forks; the first has a new key', async () => {
  const [ann, ben]: [Tab, Tab] = [await stage.openTab({ number: 1 }), await stage.openTab({ number: 2 })]
  await Promise.all([ann, ben].map((tab) => settledIn(tab)))
  await ann.knows(ben.id)
  await ann.page.evaluate((peer) => globalThis.moot!.governance.vouch(peer, true), ben.id)
  await levelled([ann, ben])
  const own = await lengthOf(ann.page)

  await ann.page.getByRole('link', { name: 'My device' }).click()
  await ann.page.getByRole('button', { name: 'Move this key to another device' }).click()
  const [file] = await Promise.all([
    ann.page.waitForEvent('download'),
    ann.page.getByRole('button', { name: 'Save the file and forget the key here' }).click(),
  ])
  await ann.page.getByText('is no longer on this device').waitFor()

  // Ann's own device, at once: the key that was there is gone.
  await press(ann.page)
  await ann.page.waitForFunction((before) => globalThis.moot?.id !== before, ann.id)
  await settledIn(ann)

  const page = await bring(3, file)
  await page.getByText(`It goes on after ${own} records of its own`).waitFor()
  await press(page)
  await page.waitForFunction(() => globalThis.moot !== undefined)
  expect(await idOf(page)).toBe(ann.id)
  await settledIn({ page })
  expect(await page.evaluate(() => globalThis.moot!.governance.view.trust.vouched)).toEqual([ben.id])
  await page.evaluate((peer) => globalThis.moot!.governance.vouch(peer, false), ben.id)
  const after = await lengthOf(page)
  expect(after).toBeGreaterThan(own)
  await levelled([{ page }, ben])
  await levelled([{ page }, ann])
  for (const each of [page, ben.page, ann.page]) expect(await forksIn(each)).toEqual([])

  // A second tab of that device does not open it twice; a reload of the first goes on with it.
  const twin = await bring(3, file)
  await press(twin)
  await twin.getByText('another tab has it open').waitFor()
  expect(await twin.evaluate(() => globalThis.moot)).toBeUndefined()
  await twin.close()
  await page.reload()
  await press(page)
  await page.waitForFunction(() => globalThis.moot !== undefined)
  expect(await idOf(page)).toBe(ann.id)
  await settledIn({ page })
  expect(await lengthOf(page)).toBe(after)
})

test('a file of another room, of records alone, or of anything is refused before Join, and nothing is kept', async () => {
  const ann = await stage.openTab({ number: 4 })
  await settledIn(ann)
  await ann.page.getByRole('link', { name: 'My device' }).click()
  const [records] = await Promise.all([
    ann.page.waitForEvent('download'),
    ann.page.getByRole('button', { name: 'Export the records' }).click(),
  ])
  await ann.page.getByRole('button', { name: 'Move this key to another device' }).click()
  const [key] = await Promise.all([
    ann.page.waitForEvent('download'),
    ann.page.getByRole('button', { name: 'Save the file and forget the key here' }).click(),
  ])
  const page = await stage.emptyPage(5)
  page.setDefaultTimeout(60_000)
  await page.goto(stage.url({}))
  const field = page.getByLabel('Bring a key from another device')
  await field.setInputFiles(await records.path())
  await page.getByText('the file holds records and no key').waitFor()
  await field.setInputFiles({ name: 'key.moot', mimeType: '', buffer: Buffer.from('no key at all') })
  await page.getByText('it is not dag-cbor').waitFor()
  await page.evaluate(() => (location.hash = '#/r/elsewhere'))
  await page.getByText('elsewhere').first().waitFor()
  await field.setInputFiles(await key.path())
  await page.getByText('the file is of another room than “elsewhere”').waitFor()
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)
})
