import type { BrowserContext, Page } from 'playwright'
import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import { run } from '../entry/command.ts'
import { temporaryFolder } from '../temporary-folder.ts'

async function join(context: BrowserContext, url: string, wrong: string[]): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
  await page.goto(url)
  await page.getByRole('button', { name: /^Join/ }).click()
  return page
}

test('two tabs of the built app, which npm start serves, join and find each other', async () => {
  const { line } = run('start.ts', '--no-build', '--data', await temporaryFolder(), '--port', '0')
  const [, url = ''] = await line(/^Moot is at (\S+)$/)
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const context = await browser.newContext()
  const wrong: string[] = []

  const pages = [await join(context, url, wrong), await join(context, url, wrong)]
  for (const page of pages) await page.getByText(/could answer/).waitFor({ timeout: 60_000 })
  expect(await (await fetch(`${url}health`)).json()).toMatchObject({ reservations: 2 })
  expect(wrong).toEqual([])
})
