import { MootDatabase } from '../../src/adapters/idb/database.ts'
import { openIdbLogs } from '../../src/adapters/idb/log-store.ts'
import { createLibp2pNet } from '../../src/adapters/libp2p/net.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { hex } from '../../src/domain/hash.ts'
import { LedgerKeeper } from '../../src/peer/ledger/keep-ledger.ts'
import type { Net } from '../../src/ports/net.ts'
import type { Holder } from '../../src/protocols/blocks/index.ts'

const database = new MootDatabase()

interface Running {
  readonly net: Net
  readonly keeper: LedgerKeeper
  readonly stop: () => Promise<void>
}

let running: Running | undefined
/** The room of the file, 16 bytes. */
let room: Uint8Array = new Uint8Array(16)

const now = (): Running => {
  if (running === undefined) throw new Error('the peer was not started')
  return running
}

const estimate = async (): Promise<number> => (await navigator.storage.estimate()).usage ?? Number.NaN

/** Milliseconds of the longest task of the main thread since the last call, as the browser counts them. */
function longestTask(): () => number {
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ type: 'longtask' })
  return () => {
    const found = longest
    longest = 0
    return found
  }
}

let tasks: (() => number) | undefined

async function openKeeper(net: Net, seed: Uint8Array, onChange = () => {}): Promise<LedgerKeeper> {
  return new LedgerKeeper({
    room,
    roomTopic: 'bench',
    net,
    signer: await openSigner(seed),
    verify: verifySignature,
    clock: systemClock,
    random: randomBytes,
    store: openIdbLogs({ database, slot: 0, room }),
    isTrusted: () => false,
    isBlocked: () => false,
    onChange,
  })
}

const benches = {
  async start(relay: string, name: readonly number[]): Promise<Holder> {
    room = Uint8Array.from(name)
    const seed = crypto.getRandomValues(new Uint8Array(32))
    const net = await createLibp2pNet({ privateKeySeed: seed, relays: [relay] })
    const keeper = await openKeeper(net, seed)
    const announced = new Promise((resolve) => net.on('addresses', resolve))
    running = { net, keeper, stop: keeper.start() }
    await net.start()
    await Promise.all([announced, keeper.ready])
    return { peer: net.self, addresses: net.addresses() }
  },

  /** Takes the file in. Gives how long that took, in milliseconds, and the root. */
  async import(url: string) {
    const file = new Uint8Array(await (await fetch(url)).arrayBuffer())
    const start = performance.now()
    const { added, refused } = await now().keeper.import(file)
    return { added, refused: refused.length, ms: performance.now() - start, root: hex(now().keeper.ledger.root()) }
  },

  usage: estimate,

  /** Links with a peer and waits until this one's root is `root`, and all of it on disk. Milliseconds from the link. */
  async sync({ peer, addresses }: Holder, root: string) {
    const { net, keeper, stop } = now()
    tasks ??= longestTask()
    const linked = new Promise<number>((resolve) => {
      const off = net.on('link', (link) => {
        if (link.peer !== peer) return
        off()
        resolve(performance.now())
      })
    })
    await net.connect(peer, addresses)
    const from = await linked
    tasks()
    while (hex(keeper.ledger.root()) !== root) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (performance.now() - from > 120_000) throw new Error(`only ${keeper.ledger.size} entries came`)
    }
    const heldMs = performance.now() - from
    await stop()
    const storedMs = performance.now() - from
    const longest = tasks()
    const ordering = performance.now()
    keeper.ledger.inOrder()
    return { heldMs, storedMs, longestTaskMs: longest, orderMs: performance.now() - ordering }
  },

  /** Bytes of all pages on disk, as they were written. */
  async pages(): Promise<number> {
    const connection = await database.connect()
    let bytes = 0
    for (let cursor = await connection.transaction('logs').store.openCursor(); cursor; cursor = await cursor.continue())
      bytes += cursor.value.length
    return bytes
  },

  /** Milliseconds until another keeper holds what is on disk, and how much that is. */
  async reload(): Promise<{ ms: number; size: number }> {
    const { net } = now()
    const start = performance.now()
    const held = Promise.withResolvers<void>()
    const again = await openKeeper(net, new Uint8Array(32), held.resolve)
    again.start()
    await held.promise
    return { ms: performance.now() - start, size: again.ledger.size }
  },
}

declare global {
  /** What the bench in Node calls. */
  var ledgerBench: typeof benches
}
globalThis.ledgerBench = benches
