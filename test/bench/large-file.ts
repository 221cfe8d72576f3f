import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import { Tab } from '../../src/entry/rehearsal/tab.ts'
import { writeLargeModel } from '../kits/large-model.ts'
import type { Figure } from './figure.ts'
import { growth, rendererOf } from './resident-memory.ts'

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
      return { tab, process: await rendererOf(tab.page) }
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

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10
