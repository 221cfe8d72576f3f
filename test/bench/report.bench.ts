import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import type { Bench } from './figure.ts'

const HERE = import.meta.dirname
const ROOM = { seed: 'bench', peers: 1_000, decisions: 100_000 }

/** What a report costs in a tab: all of it, one decision more, and what chance predicts, in a worker. */
export const bench: Bench = async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const input = join(HERE, 'report.html')
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: [...CHROMIUM_FLAGS], ...(executablePath ? { executablePath } : {}) })
  try {
    const page = await browser.newPage()
    await page.goto(new URL('report.html', server.resolvedUrls?.local[0]).href)
    await page.waitForFunction(() => 'reportBench' in globalThis)
    const { whole, each, late } = await page.evaluate((room) => reportBench.values(room), ROOM)
    const worker = await page.evaluate((room) => reportBench.uncertainty(room), ROOM)
    const entries = await page.evaluate(() => reportBench.entries({ peers: 1_000, entries: 97_000 }))
    const sorted = each.toSorted((a, b) => a - b)
    const of = '100,000 decisions by 1,000 peers, 40 % of them rulings'
    return [
      {
        what: `${of}: point values in a tab, median`,
        value: seconds(median(whole)),
        unit: 's',
        bar: 2,
        raw: whole.map(tenths),
      },
      { what: `one more, median of ${each.length}`, value: tenths(median(each)), unit: 'ms', bar: 5 },
      {
        what: `one more, 95 of 100`,
        value: tenths(sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN),
        unit: 'ms',
        bar: 5,
        raw: each.map(tenths),
      },
      {
        what: 'one that comes late by a hundred, median',
        value: tenths(median(late)),
        unit: 'ms',
        raw: late.map(tenths),
      },
      { what: 'what chance predicts, in a worker', value: seconds(worker), unit: 's', bar: 30 },
      {
        what: '100,000 entries by 1,000 peers, without juries: from entries to point values',
        value: seconds(entries.decisions + entries.facts + entries.report),
        unit: 's',
        raw: entries,
      },
    ]
  } finally {
    await browser.close()
    await server.close()
    rmSync(outDir, { recursive: true })
  }
}

const seconds = (ms: number): number => Math.round(ms / 10) / 100

const tenths = (ms: number): number => Math.round(10 * ms) / 10

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
