import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { build } from 'vite'
import type { openIdbBlockStore } from '../../src/adapters/idb/block-store.ts'
import type { MootDatabase } from '../../src/adapters/idb/database.ts'
import type { Identity } from '../../src/adapters/idb/identity.ts'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'

/** What a tab of this test holds: it opens its identity while it loads. */
declare global {
  var opened: Promise<Identity>
  var foundInSession: string
  /** A mebibyte that cannot be packed: what can be packed, the browser stores in less. */
  var mebibyte: () => Uint8Array<ArrayBuffer>
  var storage: { openIdbBlockStore: typeof openIdbBlockStore; MootDatabase: typeof MootDatabase }
}

const ORIGIN = 'http://localhost'
const SOURCES = join(import.meta.dirname, '../../src/adapters/idb')
const PAGE = `<!doctype html><script type="module">
  import { openIdbBlockStore } from './block-store.js'
  import { MootDatabase } from './database.js'
  import { openIdentity } from './identity.js'
  globalThis.storage = { openIdbBlockStore, MootDatabase }
  globalThis.mebibyte = () => {
    const bytes = new Uint8Array(1 << 20)
    for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
    return bytes
  }
  globalThis.foundInSession = JSON.stringify({ ...sessionStorage })
  globalThis.opened = openIdentity({ database: new MootDatabase() })
</script>`

const files = new Map<string, string>([['/', PAGE]])
let folder: string
let browser: BrowserContext

beforeAll(async () => {
  const input = Object.fromEntries(
    ['block-store', 'database', 'identity'].map((name) => [name, `${SOURCES}/${name}.ts`]),
  )
  const output = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input, output, preserveEntrySignatures: 'strict' },
    },
  })
  for (const result of [built].flat()) {
    if (!('output' in result)) continue
    for (const chunk of result.output) if (chunk.type === 'chunk') files.set(`/${chunk.fileName}`, chunk.code)
  }
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moot-storage-'))
  browser = await openBrowser()
})

afterEach(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

afterAll(() => files.clear())

/** A browser with a profile on disk: what it stores is there when it is opened again. */
async function openBrowser(): Promise<BrowserContext> {
  const executablePath = findChromium()
  const context = await chromium.launchPersistentContext(folder, {
    args: [...CHROMIUM_FLAGS],
    ...(executablePath ? { executablePath } : {}),
  })
  await context.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname
    const contentType = path === '/' ? 'text/html' : 'text/javascript'
    const body = files.get(path)
    await route.fulfill(body === undefined ? { status: 404 } : { body, contentType })
  })
  return context
}

async function openTab(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${ORIGIN}/`)
  return page
}

interface Who {
  readonly slot: number | undefined
  readonly seed: string
  readonly persistent: boolean
}

const who = (page: Page): Promise<Who> =>
  page.evaluate(async () => {
    const { slot, seed, persistent } = await opened
    return { slot, seed: seed.join(), persistent }
  })

const distinct = (tabs: readonly Who[]): number => new Set(tabs.map(({ seed }) => seed)).size

test('a tab keeps its identity across reloads', async () => {
  const page = await openTab()
  const before = await who(page)
  expect(before).toMatchObject({ slot: 0, persistent: true })
  for (let i = 0; i < 5; i++) {
    await page.reload()
    expect(await who(page)).toEqual(before)
  }
})

test('eight tabs opened at once are eight, and stay who they are when all are reloaded at once', async () => {
  const pages = await Promise.all(Array.from({ length: 8 }, openTab))
  const before = await Promise.all(pages.map(who))
  expect(distinct(before)).toBe(8)
  expect(new Set(before.map(({ slot }) => slot))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
  expect(before.every(({ persistent }) => persistent)).toBe(true)

  await Promise.all(pages.map((page) => page.reload()))
  expect(await Promise.all(pages.map(who))).toEqual(before)
})

test('a duplicated tab becomes another, and both stay who they are', async () => {
  const original = await openTab()
  const first = await who(original)
  const popup = original.waitForEvent('popup')
  // A window opened by a tab starts with a copy of its sessionStorage, as a duplicated tab does.
  await original.evaluate(() => void window.open('/'))
  const copy = await popup
  await copy.waitForLoadState()
  const second = await who(copy)
  expect(await copy.evaluate(() => foundInSession)).toBe(JSON.stringify({ 'moot-identity-slot': String(first.slot) }))
  expect(second).toMatchObject({ slot: 1, persistent: true })
  expect(distinct([first, second])).toBe(2)

  await Promise.all([original.reload(), copy.reload()])
  expect([await who(original), await who(copy)]).toEqual([first, second])
})

test('a tab that crashed lets go of its identity', async () => {
  const [page, other] = [await openTab(), await openTab()]
  const [before, stayed] = [await who(page), await who(other)]
  const crashed = page.waitForEvent('crash')
  await page.goto('chrome://crash').catch(() => {})
  await crashed
  expect(await who(await openTab())).toEqual(before)
  expect(await who(other)).toEqual(stayed)
})

test('a new tab takes the identity that a closed one left', async () => {
  const [first, second] = [await openTab(), await openTab()]
  const [left, stayed] = [await who(first), await who(second)]
  await first.close()
  const next = await openTab()
  expect(await who(next)).toEqual(left)
  expect(await who(second)).toEqual(stayed)
})

test('the browser closed and opened again is the same peer, and holds the same blocks', async () => {
  const page = await openTab()
  const before = await who(page)
  await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    await store.put(new Uint8Array(32).fill(1), new Uint8Array(1 << 20).fill(7))
  })
  await browser.close()
  browser = await openBrowser()
  const again = await openTab()
  expect(await who(again)).toEqual(before)
  const block = await again.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    const bytes = await store.get(new Uint8Array(32).fill(1))
    return { length: bytes?.length, sevens: bytes?.every((byte) => byte === 7), ...(await store.usage()) }
  })
  expect(block).toEqual({ length: 1 << 20, sevens: true, bytes: 1 << 20, pinned: 0 })
})

test('a block that was put is there after the tab crashed at once', async () => {
  const [page, other] = [await openTab(), await openTab()]
  const crashed = page.waitForEvent('crash')
  await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => store.put(new Uint8Array(32).fill(i), new Uint8Array(1 << 20).fill(i))),
    )
  })
  await page.goto('chrome://crash').catch(() => {})
  await crashed
  const found = await other.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    const blocks = await Promise.all(Array.from({ length: 12 }, (_, i) => store.get(new Uint8Array(32).fill(i))))
    const whole = blocks.filter((block, i) => block?.length === 1 << 20 && block.every((byte) => byte === i))
    return { whole: whole.length, ...(await store.usage()) }
  })
  expect(found).toEqual({ whole: 12, bytes: 12 << 20, pinned: 0 })
})

test('a block whose file is gone is missing from then on, and can be put again', async () => {
  const page = await openTab()
  await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    await store.put(new Uint8Array(32).fill(1), mebibyte(), { pinned: true })
  })
  await browser.close()
  const paths = await readdir(folder, { recursive: true })
  for (const path of paths.filter((path) => path.endsWith('.blob'))) await rm(join(folder, path), { recursive: true })
  browser = await openBrowser()
  const again = await openTab()
  const outcome = await again.evaluate(async () => {
    const digest = new Uint8Array(32).fill(1)
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    const listed = (await store.missing([digest])).length === 0
    const got = await store.get(digest)
    const missing = (await store.missing([digest])).length === 1
    await store.put(digest, new Uint8Array(1 << 20).fill(7))
    return { listed, got, missing, again: (await store.get(digest))?.length, ...(await store.usage()) }
  })
  const bytes = 1 << 20
  expect(outcome).toEqual({ listed: true, got: undefined, missing: true, again: bytes, bytes, pinned: 0 })
})

/** A tab of a browser that lets this origin store so many bytes. */
async function openTabWith(quota: number): Promise<Page> {
  const page = await browser.newPage()
  const devtools = await browser.newCDPSession(page)
  // Before anything is stored: the browser keeps its first estimate of what is left for a while.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, quotaSize: quota })
  await page.goto(`${ORIGIN}/`)
  return page
}

test('a browser that has no room left says so, and keeps what it has', async () => {
  const page = await openTabWith(4 << 20)
  const outcome = await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 30 })
    for (let i = 0; i < 16; i++) {
      try {
        await store.put(new Uint8Array(32).fill(i), mebibyte())
      } catch (error) {
        const { fault } = error as { fault?: unknown }
        const lost = await store.missing(Array.from({ length: i }, (_, n) => new Uint8Array(32).fill(n)))
        return { fault, put: i, lost: lost.length, ...(await store.usage()) }
      }
    }
    return undefined
  })
  expect(outcome).toMatchObject({ fault: { code: 'STORAGE_FULL', bytes: 1 << 20 } })
  expect(outcome?.put).toBeGreaterThan(0)
  expect(outcome).toMatchObject({ lost: 0, bytes: outcome!.put << 20 })
})

test('of blocks put at once a full browser keeps those that fit, and lets go of what is deleted', async () => {
  const page = await openTabWith(8 << 20)
  const outcome = await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 30 })
    const digests = Array.from({ length: 16 }, (_, i) => new Uint8Array(32).fill(i))
    const put = (digest: Uint8Array) => store.put(digest, mebibyte())
    const puts = await Promise.allSettled(digests.map(put))
    const faults = puts.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { fault: unknown }).fault] : []))
    const stored = digests.filter((_, i) => puts[i]?.status === 'fulfilled')
    const lost = (await store.missing(stored)).length
    const { bytes } = await store.usage()
    await store.delete(digests)
    const after = await store.usage()
    return { faults, stored: stored.length, lost, bytes, after }
  })
  expect(outcome.stored).toBeGreaterThan(0)
  expect(outcome).toMatchObject({ lost: 0, bytes: outcome.stored << 20, after: { bytes: 0, pinned: 0 } })
  expect(outcome.faults).toEqual(
    Array.from({ length: 16 - outcome.stored }, () => ({ code: 'STORAGE_FULL', bytes: 1 << 20 })),
  )
  expect(outcome.faults.length).toBeGreaterThan(0)
})

test('a browser that gives less room than is used already reads and deletes all the same', async () => {
  const before = await openTab()
  await before.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    for (let i = 0; i < 8; i++) await store.put(new Uint8Array(32).fill(i), mebibyte())
  })
  await browser.close()
  browser = await openBrowser()
  const page = await openTabWith(2 << 20)
  const outcome = await page.evaluate(async () => {
    const store = await storage.openIdbBlockStore({ database: new storage.MootDatabase(), maxBytes: 1 << 24 })
    const digest = (i: number) => new Uint8Array(32).fill(i)
    const read = (await store.get(digest(0)))?.length
    const put = await store.put(digest(9), mebibyte()).catch((error: { fault: unknown }) => error.fault)
    await store.get(digest(1))
    await store.delete([digest(0), digest(2)])
    await store.limit(4 << 20)
    return { read, put, ...(await store.usage()) }
  })
  expect(outcome).toEqual({
    read: 1 << 20,
    put: { code: 'STORAGE_FULL', bytes: 1 << 20 },
    bytes: 4 << 20,
    pinned: 0,
  })
})
