import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import type { Bench, Figure } from './figure.ts'
import type { Rates } from './storage-page.ts'

const HERE = import.meta.dirname

/** Rounds of each kind, in turns. */
const ROUNDS = 9

/** MB a second, both ways: half of what a raw data channel carries, while the network is at work too. */
const LEAST = 20

interface Measured {
  readonly quiet: readonly Rates[]
  readonly busy: readonly Rates[]
}

/** 64 MiB of blocks to the disk and back, in a browser whose profile is on disk. */
export const bench: Bench = async () => {
  const { quiet, busy } = await measured()
  return [
    figure('blocks written, in a quiet tab', quiet, 'write'),
    figure('blocks read, in a quiet tab', quiet, 'read'),
    { ...figure('blocks written, while main thread and another core are busy', busy, 'write'), least: LEAST },
    { ...figure('blocks read, while main thread and another core are busy', busy, 'read'), least: LEAST },
  ]
}

function figure(what: string, rounds: readonly Rates[], way: keyof Rates): Figure {
  const raw = rounds.map((rates) => Math.round(rates[way]))
  return { what, value: raw.toSorted((a, b) => a - b)[raw.length >> 1] ?? Number.NaN, unit: 'MB/s', raw }
}

async function measured(): Promise<Measured> {
  const outDir = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const profile = mkdtempSync(join(tmpdir(), 'moot-bench-profile-'))
  const input = join(HERE, 'storage.html')
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const executablePath = findChromium()
  const browser = await chromium.launchPersistentContext(profile, {
    args: [...CHROMIUM_FLAGS],
    ...(executablePath ? { executablePath } : {}),
  })
  try {
    const page = await browser.newPage()
    await page.goto(new URL('storage.html', server.resolvedUrls?.local[0]).href)
    await page.waitForFunction(() => 'storageBench' in globalThis)
    const [quiet, busy]: [Rates[], Rates[]] = [[], []]
    while (busy.length < ROUNDS) {
      quiet.push(await page.evaluate(() => storageBench.rates()))
      busy.push(await page.evaluate(() => storageBench.busyRates()))
    }
    return { quiet, busy }
  } finally {
    await browser.close()
    await server.close()
    for (const folder of [outDir, profile]) rmSync(folder, { recursive: true })
  }
}
