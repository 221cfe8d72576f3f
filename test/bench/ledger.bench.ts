import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { findChromium } from '../../src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from '../../src/adapters/chromium/flags.ts'
import { createRelay } from '../../src/adapters/libp2p/relay.ts'
import { LOG_ROOM } from '../kits/logs.ts'
import { readEntry } from '../../src/domain/ledger/entry.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'
import { readLedgerFile } from '../../src/domain/ledger/ledger-file.ts'
import type { Bench, Figure } from './figure.ts'
import { ledgerOf } from './ledger-room.ts'

const HERE = import.meta.dirname
const AUTHORS = 1_000
const ENTRIES = 100_000

/** Seconds in which an empty tab must have all of it, from the link to the disk. */
const BAR_S = 20
/** Bytes on disk for an entry at most. */
const BAR_BYTES = 600

/** Seconds, in Node: all entries taken, decoding and signatures apart; any one question about all of them. */
const TAKEN_S = 1.5
const ASKED_S = 0.3

/** What the rules themselves take, without storage, network or signatures. */
function rules(file: Uint8Array): readonly Figure[] {
  const { room, entries } = readLedgerFile(file)
  const reads = entries.map((signed) => readEntry(signed))
  const timed = (body: () => unknown): number => {
    const start = performance.now()
    body()
    return Math.round(performance.now() - start) / 1_000
  }
  const ledger = new Ledger(room)
  const taken = timed(() => {
    for (const read of reads) if (ledger.take(read).kind !== 'added') throw new Error('an entry was not taken')
  })
  const heads = ledger.authors().flatMap((author) => ledger.head(author)?.id ?? [])
  const [order, past, root] = [
    timed(() => ledger.inOrder()),
    timed(() => ledger.past(heads) ?? ledger.missing(heads, 1)),
    timed(() => ledger.root()),
  ]
  return [
    { what: `${ENTRIES} entries taken, log by log, in Node`, value: taken, unit: 's', bar: TAKEN_S },
    { what: 'all of them put in causal order', value: order, unit: 's', bar: ASKED_S },
    { what: 'what lies before a thousand heads', value: past, unit: 's', bar: ASKED_S },
    { what: 'their root', value: root, unit: 's', bar: ASKED_S },
  ]
}

/** A ledger of 100,000 entries by 1,000 peers, from one tab's storage to another's over WebRTC. */
export const bench: Bench = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  const outDir = join(folder, 'dist')
  const input = join(HERE, 'ledger.html')
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } })
  const started = performance.now()
  const { file, bodyBytes } = ledgerOf({ authors: AUTHORS, entries: ENTRIES })
  const madeMs = performance.now() - started
  writeFileSync(join(outDir, 'ledger.bin'), file)
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
    const open = async (host: string) => {
      const page = await context.newPage()
      await page.goto(`http://${host}:${port}/ledger.html`)
      await page.waitForFunction(() => 'ledgerBench' in globalThis)
      const holder = await page.evaluate(([relayed, room]) => ledgerBench.start(relayed, room), [
        address,
        [...LOG_ROOM],
      ] as const)
      return { page, holder }
    }
    const full = await open('localhost')
    const imported = await full.page.evaluate(() => ledgerBench.import('./ledger.bin'))
    const empty = await open('127.0.0.1')
    const before = await empty.page.evaluate(() => ledgerBench.usage())
    const synced = await empty.page.evaluate(([holder, root]) => ledgerBench.sync(holder, root), [
      full.holder,
      imported.root,
    ] as const)
    const after = await empty.page.evaluate(() => ledgerBench.usage())
    const pages = await empty.page.evaluate(() => ledgerBench.pages())
    const reloaded = await empty.page.evaluate(() => ledgerBench.reload())
    const seconds = (ms: number) => Math.round(ms / 10) / 100
    return [
      ...rules(file),
      {
        what: `${ENTRIES} entries by ${AUTHORS} peers, from an empty tab's link to equal roots and all on its disk`,
        value: seconds(synced.storedMs),
        unit: 's',
        bar: BAR_S,
        raw: { ...synced, imported, madeMs },
      },
      {
        what: 'pages on disk, for each entry',
        value: Math.round(pages / ENTRIES),
        unit: 'bytes',
        bar: BAR_BYTES,
        raw: { pages, bodyBytes, estimated: (after - before) / ENTRIES },
      },
      { what: 'the same, by the browser’s estimate', value: Math.round((after - before) / ENTRIES), unit: 'bytes' },
      { what: 'the longest task of the main thread meanwhile', value: Math.round(synced.longestTaskMs), unit: 'ms' },
      { what: 'imported from a file, every signature checked', value: seconds(imported.ms), unit: 's' },
      { what: 'read from the disk again', value: seconds(reloaded.ms), unit: 's', raw: reloaded },
    ]
  } finally {
    await context.close()
    await relay.stop()
    await server.close()
    rmSync(folder, { recursive: true })
  }
}
