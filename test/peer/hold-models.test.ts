import { encode } from '@ipld/dag-cbor'
import { expect, test, vi } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cidOf } from '../../src/domain/charter.ts'
import { equalBytes, hashBytes } from '../../src/domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL, type Manifest } from '../../src/domain/manifest.ts'
import { ModelShelf } from '../../src/peer/hold-models.ts'
import { serveBlocks } from '../../src/protocols/blocks/index.ts'
import { MANIFEST } from '../kits/moot.ts'

const FILE = new Uint8Array(1_000).fill(7)
const manifest: Manifest = { ...MANIFEST, file: { size: FILE.length, blocks: [hashBytes(FILE)] } }
const model = cidOf(manifest)

/** A shelf, and the holders that it may fetch from, each of which gives blocks of files as it likes. */
async function shelfAnd(...holders: ((digest: Uint8Array) => Promise<Uint8Array | undefined>)[]) {
  const network = createMemoryNetwork()
  const self = network.peer('self')
  await self.start()
  const shelf = new ModelShelf({
    net: self,
    clock: systemClock,
    blocks: new MemoryBlockStore(),
    shipped: [],
    onChange: () => {},
  })
  const from = await Promise.all(
    holders.map(async (get, i) => {
      const net = network.peer(`holder ${i}`)
      await net.start()
      serveBlocks({ net, blocks: { get } })
      return { peer: `holder ${i}`, addresses: [`/memory/holder ${i}`] }
    }),
  )
  return { shelf, from }
}

const manifestBlock = (digest: Uint8Array, ...manifests: Manifest[]) =>
  manifests.map((one) => encode(one)).find((bytes) => equalBytes(hashBytes(bytes), digest))

const silence = () => new Promise<never>(() => {})
const honest = async (digest: Uint8Array) => manifestBlock(digest, manifest) ?? FILE
const slow = async (digest: Uint8Array) => manifestBlock(digest, manifest) ?? silence()

test("a holder that is slow holds up nobody else's jobs on the same model", async () => {
  const { shelf, from } = await shelfAnd(slow, honest)
  const stop = new AbortController()
  const stuck = shelf.provide(model, { from: from[0]!, signal: stop.signal })
  expect((await shelf.provide(model, { from: from[1]! })).bytes).toEqual(FILE)
  stop.abort()
  await expect(stuck).rejects.toThrow('abort')
})

test('of those who wait for a fetch that was given up one goes on, and the others wait for that one', async () => {
  let asked = 0
  const open = Promise.withResolvers<void>()
  const { shelf, from } = await shelfAnd(async (digest) => {
    const bytes = manifestBlock(digest, manifest)
    if (bytes !== undefined) return bytes
    asked += 1
    await open.promise
    return FILE
  })
  const stop = new AbortController()
  const first = shelf.provide(model, { from: from[0]!, signal: stop.signal })
  const others = [1, 2, 3].map(() => shelf.provide(model, { from: from[0]! }))
  await vi.waitFor(() => expect(asked).toBe(1))
  stop.abort()
  await expect(first).rejects.toThrow('abort')
  await vi.waitFor(() => expect(asked).toBe(2))
  open.resolve()
  for (const other of await Promise.all(others)) expect(other.bytes).toEqual(FILE)
  expect(asked).toBe(2)
})

test('whoever waits for a fetch of somebody else leaves at a word', async () => {
  const { shelf, from } = await shelfAnd(slow)
  const [going, stop] = [new AbortController(), new AbortController()]
  const first = shelf.provide(model, { from: from[0]!, signal: going.signal })
  const second = shelf.provide(model, { from: from[0]!, signal: stop.signal })
  stop.abort()
  await expect(second).rejects.toThrow('abort')
  going.abort()
  await expect(first).rejects.toThrow('abort')
})

test('a manifest takes no memory by its word alone', async () => {
  const blocks = Array.from({ length: MAX_MODEL / BLOCK_SIZE }, () => hashBytes(FILE))
  const vast = Array.from({ length: 8 }, (_, i): Manifest => ({
    ...MANIFEST,
    name: `vast ${i}`,
    file: { size: MAX_MODEL, blocks },
  }))
  let asked = 0
  const { shelf, from } = await shelfAnd(async (digest) => {
    const bytes = manifestBlock(digest, ...vast)
    if (bytes !== undefined) return bytes
    asked += 1
    return silence()
  })
  const stop = new AbortController()
  const before = process.memoryUsage().arrayBuffers
  const all = vast.map((one) => shelf.provide(cidOf(one), { from: from[0]!, signal: stop.signal }))
  await vi.waitFor(() => expect(asked).toBeGreaterThanOrEqual(8))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20)
  stop.abort()
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(vast.map(() => 'rejected'))
})

test('a file larger than its offer said is refused before its first block', async () => {
  let files = 0
  const { shelf, from } = await shelfAnd(async (digest) => manifestBlock(digest, manifest) ?? ((files += 1), FILE))
  const small = { from: from[0]!, limit: FILE.length - 1 }
  const refusal = { fault: { code: 'TOO_LARGE', what: 'model', bytes: FILE.length, limit: FILE.length - 1 } }
  await expect(shelf.provide(model, small)).rejects.toMatchObject(refusal)
  expect(files).toBe(0)
  expect((await shelf.provide(model, { from: from[0]!, limit: FILE.length })).bytes).toEqual(FILE)
  await expect(shelf.provide(model, small)).rejects.toMatchObject(refusal)
})
