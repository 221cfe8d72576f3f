import { MootDatabase } from '../../src/adapters/idb/database.ts'
import { openIdbBlockStore } from '../../src/adapters/idb/block-store.ts'
import { createLibp2pNet } from '../../src/adapters/libp2p/net.ts'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { fromHex, hex } from '../../src/domain/hash.ts'
import type { BlockStore } from '../../src/ports/block-store.ts'
import type { Net } from '../../src/ports/net.ts'
import { blockExchange, serveBlocks, type Holder } from '../../src/protocols/blocks/index.ts'
import { RawChannel } from './raw-channel.ts'

const BLOCK = 1 << 20
/** Bytes that any of the stores keeps here. */
const ROOM = 1 << 30

export type Kept = 'memory' | 'disk'

/** What a fetch with a liar among the holders came to. */
export interface LiarReport {
  readonly whole: boolean
  readonly lied: readonly string[]
  /** Streams that ended before their time, other than the liar's. */
  readonly lost: number
  /** Blocks by who brought them. */
  readonly brought: Readonly<Record<string, number>>
  /** Requests sent to the liar once it was caught, a second fetch included. */
  readonly askedAfter: number
}

let net: Net | undefined
const stores: Record<Kept, BlockStore> = {
  memory: new MemoryBlockStore({ capacity: ROOM }),
  disk: await openIdbBlockStore({ database: new MootDatabase(), maxBytes: ROOM }),
}
let served: Pick<BlockStore, 'get'> = stores.memory
/** The digests of what both stores hold. */
let filled: Uint8Array[] = []
let raw = new RawChannel()

const running = (): Net => {
  if (net === undefined) throw new Error('the network was not started')
  return net
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

const benches = {
  async start(relay: string): Promise<Holder> {
    net = await createLibp2pNet({ privateKeySeed: crypto.getRandomValues(new Uint8Array(32)), relays: [relay] })
    const announced = new Promise((resolve) => net?.on('addresses', resolve))
    await net.start()
    await announced
    const blocks = { get: (digest: Uint8Array) => served.get(digest) }
    serveBlocks({ net, blocks, clock: systemClock, limit: () => 0 })
    return { peer: net.self, addresses: net.addresses() }
  },

  connect: ({ peer, addresses }: Holder): Promise<void> => running().connect(peer, addresses),

  rawOffer: (): Promise<string> => (raw = new RawChannel()).offer(),
  rawAnswer: (offer: string): Promise<string> => (raw = new RawChannel()).answer(offer),
  rawAccept: (answer: string): Promise<void> => raw.accept(answer),
  rawServe: (bytes: number): Promise<void> => raw.serve(bytes),
  rawFetch: (bytes: number): Promise<number> => raw.fetch(bytes),

  /** Fills both stores with blocks, the same of the same seed, and forgets what was there. Returns their digests. */
  async fill(blocks: number, seed: number): Promise<string[]> {
    for (const store of Object.values(stores)) await store.delete(filled)
    filled = []
    for (let i = 0; i < blocks; i++) {
      const bytes = new Uint8Array(BLOCK)
      const words = new Uint32Array(bytes.buffer)
      let state = seed * 0x9e37_79b9 + i + 1
      for (let j = 0; j < words.length; j++) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        words[j] = state
      }
      const digest = await sha256(bytes)
      await stores.memory.put(digest, bytes)
      await stores.disk.put(digest, bytes)
      filled.push(digest)
    }
    return filled.map(hex)
  },

  /** Serves from here from now on; a liar serves other bytes than it is asked for. */
  serve(from: Kept | 'lies'): void {
    const corrupt = async (digest: Uint8Array) => {
      const bytes = (await stores.memory.get(digest))?.slice()
      if (bytes?.[0] !== undefined) bytes[0] ^= 1
      return bytes
    }
    served = from === 'lies' ? { get: corrupt } : stores[from]
  },

  /** Milliseconds until every block is stored here. They are forgotten again. */
  async fetch(holder: Holder, hexDigests: readonly string[], into: Kept): Promise<number> {
    const blocks = hexDigests.map((text) => ({ digest: fromHex(text), length: BLOCK }))
    const start = performance.now()
    await blockExchange({ net: running(), clock: systemClock }).fetch({
      holders: () => [holder],
      blocks,
      onBlock: ({ digest }, bytes) => stores[into].put(digest, bytes),
    })
    const took = performance.now() - start
    await stores[into].delete(blocks.map(({ digest }) => digest))
    return took
  },

  /** Fetches twice from holders of whom one lies. */
  async fetchBesideLiar(holders: readonly Holder[], liar: string, hexDigests: readonly string[]): Promise<LiarReport> {
    const lied: string[] = []
    let lost = 0
    let askedAfter = 0
    const open: Net['open'] = async (peer, ...rest) => {
      const channel = await running().open(peer, ...rest)
      const send = channel.send.bind(channel)
      channel.send = (...frame) => {
        if (peer === liar && lied.length > 0) askedAfter++
        return send(...frame)
      }
      return channel
    }
    const exchange = blockExchange({ net: { open }, clock: systemClock })
    const brought: Record<string, number> = {}
    const fetchAll = async () => {
      const left = new Set(hexDigests)
      await exchange.fetch({
        holders: () => holders,
        blocks: hexDigests.map((text) => ({ digest: fromHex(text), length: BLOCK })),
        onBlock: async ({ digest }, bytes, from) => {
          if (hex(await sha256(bytes.slice())) === hex(digest)) left.delete(hex(digest))
          brought[from] = (brought[from] ?? 0) + 1
        },
        onHolder: (peer, what) => {
          if (what === 'lied') lied.push(peer)
          else lost++
        },
      })
      return left.size === 0
    }
    return { whole: (await fetchAll()) && (await fetchAll()), lied, lost, brought, askedAfter }
  },
}

declare global {
  /** What the bench in Node calls. */
  var blocksBench: typeof benches
}
globalThis.blocksBench = benches
