import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import type { Turns } from './engine-page.ts'
import type { Bench } from './figure.ts'

const HERE = import.meta.dirname
const MODEL = join(HERE, '../../../shared/models/squeezenet_fp32.onnx')

/** Runs of each kind: enough for a median that two benches agree on within 1 %. */
const TURNS = 60

/** What the worker adds to a run of squeezenet_fp32, and what the canon costs. Nothing where the model is not beside the project. */
export const bench: Bench = async () => {
  if (!existsSync(MODEL)) {
    console.log('  left out: squeezenet_fp32.onnx is not beside the project, in ../shared/models')
    return []
  }
  const [worker, layer, optimised] = await measured()
  return [
    {
      what: 'squeezenet_fp32, median in the cpu worker over bare onnxruntime-web in the same tab',
      value: ratio(worker),
      unit: 'times',
      bar: 1.05,
      raw: worker,
    },
    {
      what: 'squeezenet_fp32, median in the cpu worker over bare onnxruntime-web in a worker of the same tab',
      value: ratio(layer),
      unit: 'times',
      raw: layer,
    },
    {
      what: 'squeezenet_fp32, median of the canon over all optimisations',
      value: ratio(optimised),
      unit: 'times',
      raw: optimised,
    },
  ]
}

async function measured(): Promise<readonly [Turns, Turns, Turns]> {
  const outDir = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const input = join(HERE, 'engine.html')
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  copyFileSync(MODEL, join(outDir, 'model.onnx'))
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: [...CHROMIUM_FLAGS], ...(executablePath ? { executablePath } : {}) })
  try {
    const page = await browser.newPage()
    await page.goto(new URL('engine.html', server.resolvedUrls?.local[0]).href)
    await page.waitForFunction(() => 'engineBench' in globalThis)
    return [
      await page.evaluate((turns) => engineBench.workerAgainstBare('model.onnx', turns), TURNS),
      await page.evaluate((turns) => engineBench.workerAgainstBareWorker('model.onnx', turns), TURNS),
      await page.evaluate((turns) => engineBench.canonAgainstOptimised('model.onnx', turns), TURNS),
    ]
  } finally {
    await browser.close()
    await server.close()
    rmSync(outDir, { recursive: true })
  }
}

const ratio = ([a, b]: Turns): number => Math.round((median(a) / median(b)) * 1_000) / 1_000

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
