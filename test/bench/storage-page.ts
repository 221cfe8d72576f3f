import { openIdbBlockStore } from '../../src/adapters/idb/block-store.ts'
import { MootDatabase } from '../../src/adapters/idb/database.ts'
import { hashBytes } from '../../src/domain/hash.ts'

/** Bytes of a block, as models are split. */
const BLOCK = 1 << 20

/** 64 MiB: what goes from tab to tab in the bench of the exchange. */
const BLOCKS = 64

/** Puts, and gets, under way at a time: as many blocks as the exchange has on the wire. */
const AT_ONCE = 3

/** Milliseconds of work at a time: what a few frames of 16 KiB take. */
const SLICE_MS = 1

/** MB a second. */
export interface Rates {
  readonly write: number
  readonly read: number
}

interface Block {
  readonly digest: Uint8Array
  readonly bytes: Uint8Array
}

/** Writes 64 MiB of blocks, then reads them. Throws where a block does not come back. */
async function rates(): Promise<Rates> {
  const name = `moot-bench-${crypto.randomUUID()}`
  const database = new MootDatabase({ name })
  const blocks = Array.from({ length: BLOCKS }, randomBlock)
  try {
    const store = await openIdbBlockStore({ database, maxBytes: 2 * BLOCKS * BLOCK })
    const write = await timed(blocks, ({ digest, bytes }) => store.put(digest, bytes))
    const read = await timed(blocks, async ({ digest, bytes }) => {
      const got = await store.get(digest)
      if (got?.length !== BLOCK || got.at(-1) !== bytes.at(-1)) throw new Error('It is not what was put')
    })
    return { write, read }
  } finally {
    await database.close()
    indexedDB.deleteDatabase(name)
  }
}

/** The same while this tab's main thread is at work all the time, as with a network at full speed, and another core too. */
async function busyRates(): Promise<Rates> {
  const endless = URL.createObjectURL(new Blob(['for (;;);'], { type: 'text/javascript' }))
  const other = new Worker(endless)
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => {
    for (const end = performance.now() + SLICE_MS; performance.now() < end;);
    port2.postMessage(undefined)
  })
  port1.start()
  port2.postMessage(undefined)
  try {
    return await rates()
  } finally {
    port1.close()
    other.terminate()
    URL.revokeObjectURL(endless)
  }
}

function randomBlock(): Block {
  const bytes = new Uint8Array(BLOCK)
  // The most that one call gives.
  for (let at = 0; at < BLOCK; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return { digest: hashBytes(bytes), bytes }
}

async function timed(blocks: readonly Block[], body: (block: Block) => Promise<void>): Promise<number> {
  const start = performance.now()
  const left = blocks.values()
  const one = async () => {
    for (const block of left) await body(block)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return (BLOCKS * BLOCK) / 1_000 / (performance.now() - start)
}

declare global {
  var storageBench: { rates: typeof rates; busyRates: typeof busyRates }
}

globalThis.storageBench = { rates, busyRates }
