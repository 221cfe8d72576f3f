import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import { CHAIN_VALUE } from '../kits/conv-chain.ts'
import type { Bench, Figure } from './figure.ts'
import { growth, rendererOf } from './resident-memory.ts'
import type { Times } from './trace-page.ts'

const HERE = import.meta.dirname
const MODEL = join(HERE, '../../../shared/models/squeezenet_fp32.onnx')

/** Convolutions whose values sum to 800 MB and a little more. */
const LENGTH = Math.ceil(800_000_000 / CHAIN_VALUE)

/** Bytes by which the tab may grow above a plain run. */
const MOST = 256 << 20

/** Milliseconds in which a tab comes to rest. */
const REST = 2_000

/** What asserting costs: memory where values are many, time where they are few, and the re-run of one operator. */
export const bench: Bench = async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const input = join(HERE, 'trace.html')
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  const withModel = existsSync(MODEL)
  if (withModel) copyFileSync(MODEL, join(outDir, 'model.onnx'))
  else console.log('  squeezenet_fp32 left out: it is not beside the project, in ../shared/models')
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: [...CHROMIUM_FLAGS], ...(executablePath ? { executablePath } : {}) })
  const url = new URL('trace.html', server.resolvedUrls?.local[0]).href
  try {
    return [await memory(browser, url), ...(withModel ? figures(await times(browser, url)) : [])]
  } finally {
    await browser.close()
    await server.close()
    rmSync(outDir, { recursive: true })
  }
}

async function memory(browser: Browser, url: string): Promise<Figure> {
  const page = await open(browser, url)
  const process = await rendererOf(page)
  await page.evaluate((length) => traceBench.openChain(length), LENGTH)
  const running = await growth(process, REST)
  await page.evaluate(() => traceBench.runChain())
  const plain = await running()
  const tracing = await growth(process, REST)
  const values = await page.evaluate(() => traceBench.traceChain())
  const traced = await tracing()
  await page.close()
  return {
    what: `tracing ${LENGTH} convolutions that make ${Math.round((LENGTH * CHAIN_VALUE) / 1e6)} MB: peak resident memory of the tab above that of a plain run`,
    value: Math.round((traced.peak - plain.peak) / (1 << 20)),
    unit: 'MiB',
    bar: MOST >> 20,
    raw: { values, plain, traced },
  }
}

async function times(browser: Browser, url: string): Promise<Times> {
  const page = await open(browser, url)
  const measured = await page.evaluate(() => traceBench.times('model.onnx'))
  await page.close()
  return measured
}

async function open(browser: Browser, url: string) {
  const page = await browser.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'traceBench' in globalThis)
  return page
}

const figures = ({ plain, traced, computed, alone }: Times): Figure[] => [
  {
    what: 'squeezenet_fp32, a traced run over a plain one, medians',
    value: ratio(median(traced), median(plain)),
    unit: 'times',
    raw: { plain: plain.map(tenths), traced: traced.map(tenths), computed: computed.map(tenths) },
  },
  {
    what: 'squeezenet_fp32, one operator cut out and run alone over a plain run of the model, median over its operators',
    value: ratio(median(alone), median(plain)),
    unit: 'times',
    bar: 0.25,
    raw: { most: tenths(Math.max(...alone)), alone: alone.map(tenths) },
  },
]

const ratio = (a: number, b: number): number => Math.round((a / b) * 1_000) / 1_000

const tenths = (ms: number): number => Math.round(10 * ms) / 10

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
