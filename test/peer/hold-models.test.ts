import { expect, test } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { encodeManifest } from '../../src/domain/check-manifest.ts'
import { faultOf } from '../../src/domain/fault.ts'
import { equalBytes, hashBytes, hex } from '../../src/domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL, type Manifest, type ModelId } from '../../src/domain/manifest.ts'
import { ModelShelf, type ModelComponents } from '../../src/peer/hold-models.ts'
import { KeptBlocks } from '../../src/peer/keep-blocks.ts'
import { blockExchange, serveBlocks, type Holder } from '../../src/protocols/blocks/index.ts'
import { eventually } from '../kits/eventually.ts'
import { person, verifyWithNode } from '../kits/keys.ts'
import { fileOf, published } from '../kits/manifests.ts'

const FILE = new Uint8Array(1_000).fill(7)
const manifest = await published({ name: 'seven' }, { bytes: FILE })
const model = cidOf(manifest)

/** A file of three blocks and a bit, no two of them alike. */
const LARGE = Uint8Array.from({ length: 3 * BLOCK_SIZE + 5 }, (_, i) => (i >> 16) ^ i)
const large = await published({ name: 'large' }, { bytes: LARGE })

type Get = (digest: Uint8Array) => Promise<Uint8Array | undefined>

/** A shelf, and the holders that it may fetch from, each of which gives blocks of files as it likes. */
async function shelfAnd(...holders: Get[]) {
  const network = createMemoryNetwork()
  const self = network.peer('self')
  await self.start()
  const from: Holder[] = await Promise.all(
    holders.map(async (get, i) => {
      const net = network.peer(`holder ${i}`)
      await net.start()
      serveBlocks({ net, blocks: { get }, clock: systemClock, limit: () => 0 })
      return { peer: `holder ${i}`, addresses: [`/memory/holder ${i}`] }
    }),
  )
  const announced = new Map<ModelId, readonly Holder[]>()
  const store = new MemoryBlockStore()
  const records = memoryRecords()
  const open = (change: Partial<ModelComponents> = {}) =>
    new ModelShelf({
      self: person('Sam').peer,
      clock: systemClock,
      verify: verifyWithNode,
      blocks: new KeptBlocks(store),
      records,
      exchange: blockExchange({ net: self, clock: systemClock }),
      shipped: [],
      announced: () => announced,
      opinions: () => [],
      onChange: () => {},
      ...change,
    })
  return { shelf: open(), open, from, announced, store, records }
}

/** The blocks of files, by digest: hashed once, since that takes a while. */
const BLOCKS = new Map(
  [FILE, LARGE].flatMap((file) =>
    fileOf(file).blocks.map((digest, i) => [hex(digest), file.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE)]),
  ),
)

const manifestBlock = (digest: Uint8Array, ...all: Manifest[]) =>
  all.map(encodeManifest).find((bytes) => equalBytes(hashBytes(bytes), digest))

const codeOf = async (task: Promise<unknown>) =>
  task.then(
    () => 'nothing went wrong',
    (error: unknown) => faultOf(error).code,
  )

const silence = () => new Promise<never>(() => {})
const honest: Get = async (digest) => BLOCKS.get(hex(digest)) ?? manifestBlock(digest, manifest, large)
const slow: Get = async (digest) => manifestBlock(digest, manifest) ?? silence()

test("a holder that is slow holds up nobody else's jobs on the same model", async () => {
  const { shelf, from } = await shelfAnd(slow, honest)
  const stuck = shelf.provide(model, { from: from[0]! })
  expect((await shelf.provide(model, { from: from[1]! })).bytes).toEqual(FILE)
  // It brings the block to both: neither depends on its own requester any more.
  expect((await stuck).bytes).toEqual(FILE)
})

test('of those who wait for a fetch one may leave, and it goes on for the others', async () => {
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
  await eventually(() => expect(asked).toBe(1))
  const others = [1, 2, 3].map(() => shelf.provide(model, { from: from[0]! }))
  stop.abort()
  expect(await codeOf(first)).toBe('CANCELLED')
  open.resolve()
  for (const other of await Promise.all(others)) expect(other.bytes).toEqual(FILE)
  expect(asked).toBe(1)
})

test('whoever waits for a fetch leaves at a word, and the last one ends it', async () => {
  const { shelf, from } = await shelfAnd(slow)
  const [going, stop] = [new AbortController(), new AbortController()]
  const first = shelf.provide(model, { from: from[0]!, signal: going.signal })
  const second = shelf.provide(model, { from: from[0]!, signal: stop.signal })
  stop.abort()
  expect(await codeOf(second)).toBe('CANCELLED')
  going.abort()
  expect(await codeOf(first)).toBe('CANCELLED')
  await eventually(() => expect(shelf.find(model)?.transfer).toBeUndefined())
})

test('a manifest takes no memory by its word alone', async () => {
  const vast = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const file = fileOf(new Uint8Array(MAX_MODEL / 1024).fill(i))
      return published({ name: `vast ${i}`, files: [file, { ...fileOf(FILE), role: 'weights', path: `w${i}` }] })
    }),
  )
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
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(2))
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

test('a model that the room announces is brought from all who hold it, kept, and known again at the next visit', async () => {
  const { shelf, open, from, announced } = await shelfAnd(honest, honest)
  announced.set(cidOf(large), from)
  await shelf.keep(cidOf(large))
  expect(shelf.find(cidOf(large))).toMatchObject({ cached: true, pinned: false, inMemory: false, source: 'room' })
  announced.clear()
  const next = open()
  expect(next.list()).toEqual([])
  await next.restore()
  expect(next.list().map(({ id, cached }) => [id, cached])).toEqual([[cidOf(large), true]])
  expect((await next.provide(cidOf(large), {})).bytes).toEqual(LARGE)
})

test('what was brought half-way is not brought again', async () => {
  const asked: string[] = []
  const cut: Get = async (digest) => {
    const block = await honest(digest)
    if (block && block.length >= 5 && block.length <= BLOCK_SIZE) asked.push(String(digest))
    return block
  }
  let left = 3
  const dying: Get = async (digest) => ((left -= 1) < 0 ? silence() : cut(digest))
  const { shelf, open, from, announced, store } = await shelfAnd(dying, cut)
  announced.set(cidOf(large), from.slice(0, 1))
  const stop = new AbortController()
  const first = shelf.keep(cidOf(large), { signal: stop.signal })
  await eventually(async () => expect((await store.usage()).bytes).toBe(2 * BLOCK_SIZE))
  stop.abort()
  expect(await codeOf(first)).toBe('CANCELLED')
  announced.set(cidOf(large), from.slice(1))
  const next = open()
  await next.keep(cidOf(large))
  expect((await next.provide(cidOf(large), {})).bytes).toEqual(LARGE)
  const blocks = large.files[0]!.blocks.map(String)
  expect(asked.filter((digest) => blocks.includes(digest)).toSorted()).toEqual(blocks.toSorted())
})

test('a pinned model stays whatever else comes; an unpinned one makes room', async () => {
  const { open, from, announced } = await shelfAnd(honest)
  const shelf = open({ blocks: new KeptBlocks(new MemoryBlockStore({ capacity: 4 * BLOCK_SIZE })) })
  announced.set(model, from).set(cidOf(large), from)
  await shelf.pin(model, true)
  await shelf.keep(cidOf(large))
  expect(shelf.list().map(({ manifest: { name }, cached }) => [name, cached])).toEqual([
    ['seven', true],
    ['large', true],
  ])
  const other = await published({ name: 'other' }, { bytes: LARGE.map((byte) => byte ^ 255) })
  announced.set(cidOf(other), from)
  await expect(shelf.keep(cidOf(other))).rejects.toMatchObject({ fault: { code: 'MODEL_UNKNOWN' } })
  await shelf.pin(model, false)
  expect(shelf.find(model)).toMatchObject({ cached: true, pinned: false })
})

test('a storage without room holds nothing up: the model is here for as long as the tab, and says so', async () => {
  const { open, from, announced } = await shelfAnd(honest)
  const shelf = open({ blocks: new KeptBlocks(new MemoryBlockStore({ capacity: 10 })) })
  announced.set(model, from)
  await shelf.pin(model, true)
  expect(shelf.find(model)).toMatchObject({ cached: true, inMemory: true, pinned: true })
  announced.clear()
  expect((await shelf.provide(model, {})).bytes).toEqual(FILE)
})

test('what is removed is gone from here, but for the blocks of another model', async () => {
  const { shelf, from, announced, store } = await shelfAnd(
    async (digest) => BLOCKS.get(hex(digest)) ?? manifestBlock(digest, manifest, again),
  )
  const again = await published({ name: 'seven', version: '2', parent: model }, { bytes: FILE })
  announced.set(model, from).set(cidOf(again), from)
  await shelf.keep(model)
  await shelf.keep(cidOf(again))
  await shelf.remove(model)
  expect((await shelf.provide(cidOf(again), {})).bytes).toEqual(FILE)
  await shelf.remove(cidOf(again))
  expect((await store.usage()).bytes).toBe(0)
  expect(shelf.list().map(({ cached }) => cached)).toEqual([false, false])
  announced.clear()
  expect(shelf.list()).toEqual([])
})

test('what one tab of a browser pins or removes another tab of it knows at once', async () => {
  const { open, from, announced } = await shelfAnd(honest)
  const tabs: ModelShelf[] = []
  const tab = (number: number) => {
    const tell = () => tabs.forEach((other, i) => i !== number && void other.refresh())
    return open({ siblings: { tell, listen: () => () => {} } })
  }
  tabs.push(tab(0), tab(1))
  const [one, other] = tabs as [ModelShelf, ModelShelf]
  announced.set(model, from)
  await one.pin(model, true)
  await eventually(() => expect(other.find(model)).toMatchObject({ cached: true, pinned: true }))
  // What the other brings and lets go leaves the first one's pin alone.
  await other.provide(model, {})
  await one.refresh()
  expect(one.find(model)).toMatchObject({ pinned: true })
  await other.remove(model)
  await eventually(() => expect(one.find(model)).toMatchObject({ cached: false, pinned: false }))
})

test('what was published here makes room for nothing: perhaps nobody else has it', async () => {
  const { open, from, announced } = await shelfAnd(honest)
  const blocks = new KeptBlocks(new MemoryBlockStore({ capacity: 3 * BLOCK_SIZE }))
  const shelf = open({ self: manifest.publisher, blocks })
  await blocks.put(hashBytes(FILE), FILE, { pinned: true })
  await shelf.adopt(manifest)
  const strangers = { ...large }
  announced.set(cidOf(strangers), from)
  await shelf.provide(cidOf(strangers), {})
  expect(shelf.find(model)).toMatchObject({ source: 'mine', cached: true, pinned: false })
  await shelf.remove(model)
  expect((await blocks.missing([hashBytes(FILE)])).length).toBe(1)
})

test('a model of which half is in memory keeps the other half for as long', async () => {
  const { open, from, announced } = await shelfAnd(honest)
  const store = new MemoryBlockStore({ capacity: 2 * BLOCK_SIZE })
  const shelf = open({ blocks: new KeptBlocks(store) })
  announced.set(cidOf(large), from).set(model, from)
  await shelf.keep(cidOf(large))
  await shelf.provide(model, {})
  expect(shelf.find(cidOf(large))).toMatchObject({ cached: true, inMemory: true })
})

test('models that were only passed on to an engine leave nothing behind', async () => {
  const { open, from, announced, records } = await shelfAnd(honest)
  const shelf = open({ blocks: new KeptBlocks(new MemoryBlockStore({ capacity: 10 })) })
  announced.set(model, from)
  expect((await shelf.provide(model, {})).bytes).toEqual(FILE)
  await eventually(async () => expect(await records.all()).toEqual([]))
})

test('a record of an earlier visit that does not hold any more is forgotten', async () => {
  const { open, records } = await shelfAnd()
  const forged = { ...manifest, name: 'other' }
  await records.put(cidOf(forged), { manifest: encodeManifest(forged), source: 'mine', pinned: true })
  await records.put('not a model', 'not a record')
  const shelf = open()
  await shelf.restore()
  expect(shelf.list()).toEqual([])
  expect(await records.all()).toEqual([])
})
