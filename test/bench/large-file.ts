import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import { Tab } from '../../src/entry/rehearsal/tab.ts'
import { writeLargeModel } from '../kits/large-model.ts'
import type { Figure } from './figure.ts'

/** Bytes of the file. */
const SIZE = 500_000_000

/** Bytes by which either tab may grow. */
const MOST = 64 << 20

/** Milliseconds in which a tab that has joined comes to rest. */
const REST = 3_000

/** Bytes that a person would give a room's models on a laptop. */
const CACHE = 1 << 30

/**
 * A 500 MB file on its way into one tab and from there into another: how far the resident memory of either tab's process
 * grows above what it is at rest. Each tab has a browser with a profile on disk: a private window would store in memory.
 */
export async function importingAndServing(folder: string): Promise<Figure[]> {
  const path = join(folder, '500.onnx')
  await writeLargeModel(path, SIZE)
  const stage = await Stage.open({ signal: AbortSignal.timeout(300_000) })
  const devices: BrowserContext[] = []
  try {
    const join1 = async (number: number) => {
      const context = await device(folder)
      devices.push(context)
      const tab = await Tab.join(await context.newPage(), stage.url({}), { number, engine: 'cpu' })
      await tab.page.evaluate((cacheBytes) => globalThis.moot?.configure({ cacheBytes }), CACHE)
      return { tab, process: await rendererOf(context, tab.page) }
    }
    const one = await join1(1)
    const other = await join1(2)
    await other.tab.linked(1)
    const importing = await growth(one.process, REST)
    const startedAt = performance.now()
    const id = await one.tab.host([path])
    const imported = { ...(await importing()), seconds: seconds(startedAt) }
    await other.tab.inputs(id)
    const [serving, keeping] = [await growth(one.process, REST), await growth(other.process, 0)]
    const keptAt = performance.now()
    await other.tab.page.evaluate((model) => globalThis.moot?.models.keep(model), id)
    const [served, kept] = [await serving(), { ...(await keeping()), seconds: seconds(keptAt) }]
    const figure = (what: string, raw: { above: number }) => ({
      what: `a 500 MB file: resident memory of the ${what} tab above its rest`,
      value: Math.round(raw.above / (1 << 20)),
      unit: 'MiB',
      raw,
    })
    return [
      { ...figure('importing', imported), bar: MOST >> 20 },
      { ...figure('serving', served), bar: MOST >> 20 },
      figure('fetching', kept),
    ]
  } finally {
    await Promise.all(devices.map((context) => context.close()))
    await stage.close()
  }
}

async function device(folder: string): Promise<BrowserContext> {
  const executablePath = findChromium()
  return chromium.launchPersistentContext(await mkdtemp(join(folder, 'profile-')), {
    args: [...CHROMIUM_FLAGS],
    ...(executablePath ? { executablePath } : {}),
  })
}

/** The process that runs a page: the renderer that computes while the page does. */
async function rendererOf(context: BrowserContext, page: Page): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  if (!session) throw new Error('a persistent context has no browser of its own to ask')
  const cpuTimes = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]))
  }
  const before = await cpuTimes()
  await page.evaluate(() => {
    for (const until = performance.now() + 1_000; performance.now() < until;);
  })
  const after = [...(await cpuTimes())].toSorted(
    ([a, aTime], [b, bTime]) => bTime - (before.get(b) ?? 0) - (aTime - (before.get(a) ?? 0)),
  )
  if (!after[0]) throw new Error('the browser has no renderer')
  return after[0][0]
}

/** From now on: the greatest resident memory of a process above what it is now, as the kernel keeps it. */
async function growth(
  process: number,
  rest: number,
): Promise<() => Promise<{ rest: number; peak: number; above: number }>> {
  await new Promise((resolve) => setTimeout(resolve, rest))
  const before = await resident(process)
  let peak = before
  const timer = setInterval(() => void resident(process).then((now) => (peak = Math.max(peak, now))), 20)
  return async () => {
    clearInterval(timer)
    peak = Math.max(peak, await resident(process))
    return { rest: before, peak, above: peak - before }
  }
}

async function resident(process: number): Promise<number> {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${process}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1_024
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10
