import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findChromium } from '../../../src/adapters/chromium/find-chromium.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('the browser that somebody names is taken, whatever else there is', () => {
  expect(findChromium({ CHROMIUM: '/opt/mine' })).toBe('/opt/mine')
})

test('a browser on the path is found, if it can be run', async () => {
  const folder = await temporaryFolder()
  const browser = join(folder, 'google-chrome')
  await writeFile(browser, '')
  const before = findChromium({ PATH: folder })
  await chmod(browser, 0o755)
  expect(before).not.toBe(browser)
  expect([browser, before]).toContain(findChromium({ PATH: folder }))
})
