import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { findChromium } from '../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../src/adapters/chromium/flags.ts'

/**
 * Saves a picture of every scene, to be looked at: `node test/screens.ts [scene…]`. The peer is a fake one. Pictures go
 * to `test/.cache/screens`, which git ignores.
 */
const root = join(import.meta.dirname, '..')
const folder = join(root, 'test', '.cache', 'screens')
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
const wanted = process.argv.slice(2)

await mkdir(folder, { recursive: true })
const server = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  server: { port: 0, hmr: false, watch: null },
  logLevel: 'warn',
})
await server.listen()
const executablePath = findChromium()
const browser = await chromium.launch({ args: [...CHROMIUM_FLAGS], ...(executablePath ? { executablePath } : {}) })
try {
  const address = `${server.resolvedUrls?.local[0] ?? ''}test/screens.html`
  const scenes = await sceneNames(address)
  for (const scene of scenes.filter((name) => wanted.length === 0 || wanted.includes(name)))
    for (const [size, viewport] of Object.entries(SIZES))
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
        const page = await context.newPage()
        page.on('pageerror', (error) => console.error(scene, error))
        await page.goto(`${address}?scene=${scene}`)
        await page.waitForSelector('body[data-ready]')
        const height = await page.evaluate(() => document.documentElement.scrollHeight)
        await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) })
        await page.screenshot({ path: join(folder, `${scene}-${size}-${colorScheme}.png`) })
        await context.close()
      }
  console.log(`Pictures are in ${folder}`)
} finally {
  await browser.close()
  await server.close()
}

/** The page knows the scenes; Node cannot import elements. */
async function sceneNames(address: string): Promise<string[]> {
  const page = await browser.newPage()
  await page.goto(address)
  const names = await page.waitForFunction(() => document.body.dataset['scenes'])
  return String(await names.jsonValue()).split(' ')
}
