import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import { createRelay } from '../../src/adapters/libp2p/relay.ts'
import { median } from '../../src/entry/rehearsal/summary.ts'
import type { Holder } from '../../src/protocols/blocks/index.ts'
import type { Kept, LiarReport } from './blocks-page.ts'
import type { Bench, Figure } from './figure.ts'

const HERE = import.meta.dirname
const MIB = 1 << 20
/** Blocks of 1 MiB. */
const BLOCKS = 64
/** Runs of each kind, taken in turns: enough for a median that two benches agree on. */
const ROUNDS = 9
/** Runs with a liar, and blocks of each. */
const LIES = 10
const LIE_BLOCKS = 24

/** Blocks from tab to tab, against a bare data channel between the same two tabs, and with a liar among the holders. */
export const bench: Bench = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  const outDir = join(folder, 'dist')
  await build({
    ...shared,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(HERE, 'blocks.html') } },
  })
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const relay = await createRelay({
    privateKeySeed: new Uint8Array(32).fill(9),
    host: '127.0.0.1',
    port: 0,
    dataDir: folder,
  })
  const executablePath = findChromium()
  // A profile on disk: without one the browser keeps what it stores in memory.
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    args: [...CHROMIUM_FLAGS],
    ...(executablePath ? { executablePath } : {}),
  })
  try {
    const { port } = new URL(server.resolvedUrls?.local[0] ?? '')
    const [address = ''] = relay.addresses()
    // Two names of one server are two origins: what one has stored, the other has not.
    const open = (host: string) => Tab.open(context, `http://${host}:${port}/blocks.html`, address)
    return [...(await rates(await open('localhost'), await open('127.0.0.1'))), await lies(open)]
  } finally {
    await context.close()
    await relay.stop()
    await server.close()
    rmSync(folder, { recursive: true })
  }
}

interface Tab {
  readonly page: Page
  readonly holder: Holder
}

const Tab = {
  async open(context: BrowserContext, url: string, relay: string): Promise<Tab> {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => 'blocksBench' in globalThis)
    return { page, holder: await page.evaluate((address) => blocksBench.start(address), relay) }
  },
}

async function rates(server: Tab, fetcher: Tab): Promise<Figure[]> {
  await fetcher.page.evaluate((holder) => blocksBench.connect(holder), server.holder)
  const offer = await fetcher.page.evaluate(() => blocksBench.rawOffer())
  const answer = await server.page.evaluate((sdp) => blocksBench.rawAnswer(sdp), offer)
  await fetcher.page.evaluate((sdp) => blocksBench.rawAccept(sdp), answer)
  await server.page.evaluate((bytes) => blocksBench.rawServe(bytes), BLOCKS * MIB)

  const raw: number[] = []
  const kept: Record<Kept, number[]> = { memory: [], disk: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    const digests = await server.page.evaluate(([blocks, seed]) => blocksBench.fill(blocks, seed), [
      BLOCKS,
      round,
    ] as const)
    const rawMs = await fetcher.page.evaluate((bytes) => blocksBench.rawFetch(bytes), BLOCKS * MIB)
    const ms = { memory: 0, disk: 0 }
    for (const where of ['memory', 'disk'] as const) {
      await server.page.evaluate((from) => blocksBench.serve(from), where)
      ms[where] = await fetcher.page.evaluate(([holder, wanted, into]) => blocksBench.fetch(holder, wanted, into), [
        server.holder,
        digests,
        where,
      ] as const)
    }
    // The first round compiles code and fills caches.
    if (round === 0) continue
    raw.push(rate(rawMs))
    kept.memory.push(rate(ms.memory))
    kept.disk.push(rate(ms.disk))
  }
  /** By round, so that whatever else the machine does weighs on both. */
  const over = (rates: readonly number[]) =>
    Math.round(median(rates.map((of, round) => of / (raw[round] ?? Number.NaN))) * 1_000) / 1_000
  return [
    { what: `a bare data channel, tab to tab, ${BLOCKS} MiB, median`, value: median(raw), unit: 'MB/s', raw },
    {
      what: 'blocks from memory to memory over the bare channel between the same tabs, median by round',
      value: over(kept.memory),
      unit: 'times',
      least: 0.85,
      raw: kept.memory,
    },
    {
      what: 'blocks from disk to disk, likewise',
      value: over(kept.disk),
      unit: 'times',
      least: 0.5,
      raw: kept.disk,
    },
  ]
}

const rate = (ms: number): number => Math.round(((BLOCKS * MIB) / ms / 1_000) * 10) / 10

/** Three holders, of whom one corrupts each block. */
async function lies(open: (host: string) => Promise<Tab>): Promise<Figure> {
  const [fetcher, ...holders] = [
    await open('localhost'),
    await open('localhost'),
    await open('localhost'),
    await open('localhost'),
  ]
  const reports: LiarReport[] = []
  for (let run = 0; run < LIES; run++) {
    const liar = holders[run % holders.length]
    let digests: string[] = []
    for (const holder of holders) {
      digests = await holder.page.evaluate(([blocks, seed]) => blocksBench.fill(blocks, seed), [
        LIE_BLOCKS,
        100 + run,
      ] as const)
      await holder.page.evaluate(
        (from) => blocksBench.serve(from),
        holder === liar ? ('lies' as const) : ('memory' as const),
      )
      await fetcher.page.evaluate((other) => blocksBench.connect(other), holder.holder)
    }
    reports.push(
      await fetcher.page.evaluate(([others, peer, wanted]) => blocksBench.fetchBesideLiar(others, peer, wanted), [
        holders.map((tab) => tab.holder),
        liar?.holder.peer ?? '',
        digests,
      ] as const),
    )
  }
  const bad = reports.filter(({ whole, lied, askedAfter }, run) => {
    const liar = holders[run % holders.length]?.holder.peer
    return !whole || lied.join() !== liar || askedAfter > 0
  })
  return {
    what: `${LIES} files, each from three holders of whom one lies: not whole, or the liar asked again`,
    value: bad.length,
    unit: 'files',
    bar: 0,
    raw: reports.map(({ whole, lied, lost, brought, askedAfter }) => ({
      whole,
      lied: lied.length,
      lost,
      brought: Object.values(brought),
      askedAfter,
    })),
  }
}
