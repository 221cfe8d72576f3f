import type { Page } from 'playwright'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DIST } from '../../src/entry/build-app.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { measureBytes } from '../bench/bytes.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterEach(() => stage.close())

async function room(tabs: number, fault?: string): Promise<Tab[]> {
  const all: Tab[] = []
  for (let number = 1; number <= tabs; number++)
    all.push(await stage.openTab({ number, fault: number === 2 ? fault : undefined }))
  await Promise.all(all.map((tab) => tab.linked(tabs - 1)))
  return all
}

/** Has a seven drawn, and asks. */
async function askForSeven(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Ask' }).click()
  await page.getByRole('button', { name: 'Draw a 7' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
}

test('a person draws a digit; three tabs agree on it; this one runs it again, and the receipt it keeps holds', async () => {
  const [tab] = await room(4)
  const page = tab!.page
  await askForSeven(page)
  await page.getByText('Agreed by 3 tabs').first().waitFor()
  await page
    .getByText(/Decided by/)
    .first()
    .waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export receipt' }).click()
  const path = await (await download).path()
  await page.getByRole('button', { name: 'Re-run it here' }).click()
  await page
    .getByText(/3 of 3/)
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'Receipts' }).click()
  await page.locator('input[type=file]').first().setInputFiles(path)
  await page.getByText('signatures', { exact: false }).first().waitFor()
})

test('two answers are settled by one operator, which any tab of the room sees and replays', async () => {
  const [asker, , other] = await room(4, 'op=3,scale=1.01')
  await askForSeven(asker!.page)
  await asker!.page.getByText('Settled by re-running one operator').first().waitFor()
  for (const tab of [asker!, other!]) {
    await tab.page.getByRole('link', { name: /^Disputes/ }).click()
    await tab.page.getByRole('link', { name: /one operator \(Conv 3\)/ }).click()
    await tab.page.getByText('Both sides say the same of the first 3 of 12 operators, and part at Conv 3.').waitFor()
    await tab.page.getByRole('button', { name: 'Conv 3: here they part. Show it' }).click()
    expect(await tab.page.evaluate(() => document.title)).toMatch(/^Dispute/)
    await tab.page.getByRole('button', { name: 'Re-run here' }).click()
    await tab.page.getByText('Replayed on this device, with the same outcome.').waitFor()
  }
  const { page } = other!
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export evidence' }).click()
  const path = await (await saved).path()
  await page.getByRole('link', { name: 'Receipts' }).click()
  await page.locator('input[type=file]').first().setInputFiles(path)
  await page.getByText('Replayed on this device, with the same outcome.').waitFor()
})

test('the only tab says that one tab said so', async () => {
  const [tab] = await room(1)
  await askForSeven(tab!.page)
  await tab!.page.getByText('One tab said so').first().waitFor()
})

test('a paused tab runs nothing, and is still paused after a reload', async () => {
  const [asker, paused] = await room(3)
  const { page } = paused!
  await page.getByRole('button', { name: 'Pause' }).click()
  await asker!.page.waitForFunction(
    (id) => globalThis.moot?.view.peers.find((peer) => peer.id === id)?.paused,
    paused!.id,
  )
  await askForSeven(asker!.page)
  await asker!.page.getByText('One tab said so').first().waitFor()
  expect(await page.evaluate(() => globalThis.moot?.view.device.jobsRun)).toBe(0)
  await page.reload()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  expect(await page.evaluate(() => globalThis.moot?.id)).toBe(paused!.id)
})

test('before Join a page opens no socket, no peer connection, and fetches no model and no engine', async () => {
  const page = await stage.emptyPage(9)
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
  page.on('websocket', () => fetched.push('a socket'))
  await page.addInitScript(() => {
    globalThis.RTCPeerConnection = class {
      constructor() {
        throw new Error('a peer connection before Join')
      }
    } as never
  })
  await page.goto(stage.url({}))
  await page.getByRole('button', { name: 'Join', exact: true }).waitFor()
  await page.waitForLoadState('networkidle')
  // The page's own scripts: those that are counted, and held to 60 kB, as what comes before Join.
  const own = Object.keys(measureBytes(DIST).beforeJoin).map((file) => `/${file}`)
  expect(fetched.filter((path) => !own.includes(path) && !/^\/$|icon|webmanifest/.test(path))).toEqual([])
})

test('whoever only watches runs no job and hears how the jobs of others end', async () => {
  const [asker] = await room(2)
  const page = await stage.emptyPage(9)
  await page.goto(stage.url({}))
  await page.getByRole('button', { name: 'Watch only' }).click()
  await page.waitForFunction(
    () => (globalThis.moot?.view.peers.filter((peer) => peer.path === 'direct').length ?? 0) === 2,
  )
  await askForSeven(asker!.page)
  await asker!.page.getByText('One tab said so').first().waitFor()
  await page.waitForFunction(() => globalThis.moot?.view.receipts.length === 1)
  expect(await page.evaluate(() => globalThis.moot?.view.device.jobsRun)).toBe(0)
})
