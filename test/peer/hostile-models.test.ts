import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import type { GraphInit } from '../../src/adapters/onnx/build-model.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { sentence } from '../../src/domain/fault.ts'
import { hashBytes } from '../../src/domain/hash.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { sources } from '../../src/adapters/sources/index.ts'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { ModelShelf } from '../../src/peer/hold-models.ts'
import { KeptBlocks } from '../../src/peer/keep-blocks.ts'
import type { Peer } from '../../src/peer/view.ts'
import type { ModelInspector } from '../../src/ports/model-inspector.ts'
import { blockExchange, serveBlocks } from '../../src/protocols/blocks/index.ts'
import { buildModel, doubling, endless, floats, greedy, unheardOf } from '../kits/onnx-builder.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { published } from '../kits/manifests.ts'
import { aDigit, digits, importFile, openRoom, type Room } from '../kits/peers.ts'

const PATIENT = { timeout: 30_000 }

/** An asker who describes a model as it likes and never tries it out: its room finds out. */
const careless: ModelInspector = {
  scan: () => ({
    push: () => {},
    finish: () => ({
      opset: 17,
      inputs: [{ name: 'x', dtype: 'float32', dims: [1] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [1] }],
      undeclaredOutputs: [],
      operators: [],
      parameters: 0,
      memory: 0,
      arithmetic: 'fp32',
      weights: [],
      metadata: {},
    }),
  }),
  calibrate: async (_, inspection) => careless.uncalibrated(inspection),
  uncalibrated: ({ outputs }) => ({ outputs, canon: new Uint8Array(32), canonicalRun: 'plain' }),
}

describe('an ask on', { timeout: 60_000 }, () => {
  let room: Room
  let ann: Peer

  beforeEach(async () => {
    room = await openRoom({ runLimit: 1_000, loadLimit: 2_000, memoryLimit: 512 << 20 })
    ann = await room.join('ann', {
      components: { importTools: async () => ({ openSource: sources({ clock: systemClock }), inspector: careless }) },
    })
    const others = await Promise.all(['ben', 'cat'].map((name) => room.join(name)))
    await room.meshed(ann, ...others)
  })
  afterEach(() => room.close())

  const one: Tensors = { x: floats([1], 1) }
  const cases: [string, Uint8Array | GraphInit, RegExp][] = [
    [
      'a file that is no model',
      new TextEncoder().encode('just a text file'),
      /not an ONNX model: .* Choose a file that ends in \.onnx\./,
    ],
    ['an operator that nobody has', unheardOf, /cannot be run here: .*Transmogrify/],
    [
      'a model that computes without end',
      endless,
      /ran for more than 1 s and was stopped\. Try a smaller input or a smaller model\./,
    ],
    ['a model that wants all memory', greedy(64), /needed more than 512 MiB of memory and was stopped\. Try a smaller/],
  ]
  test.each(cases)(
    '%s is lost with a sentence that says what to do, and other asks are answered',
    async (name, model, words) => {
      const bytes = model instanceof Uint8Array ? model : buildModel(model)
      const { id } = await importFile(ann, `${name}.onnx`, bytes)
      const [lost, honest] = await Promise.all([
        ann.ask({ model: id, input: one }).done,
        ann.ask({ model: digits(ann), input: aDigit() }).done,
      ])
      expect(lost.state).toBe('lost')
      expect(sentence(lost.fault!)).toMatch(words)
      expect(honest.state).toBe('agreed')
      expect((await ann.ask({ model: digits(ann), input: aDigit() }).done).state).toBe('agreed')
    },
  )
})

describe('tensors past what the wire carries', { timeout: 20_000 }, () => {
  const many = (count: number): Tensors => ({ x: { dtype: 'float32', dims: [count], data: new Uint8Array(count * 4) } })

  test('are refused where they are asked, and declined by who computes them, with a sentence', async () => {
    const room = await openRoom({ outputLimit: 32 << 20 })
    try {
      const [ann, ben] = (await Promise.all(['ann', 'ben'].map((name) => room.join(name)))) as [Peer, Peer]
      await room.meshed(ann, ben)
      const { id } = await importFile(ann, 'doubling.onnx', buildModel(doubling))
      expect(() => ann.ask({ model: id, input: many(5 << 20) })).toThrow(
        'The input is too large: 20 MiB, and the limit is 16 MiB.',
      )
      const lost = await ann.ask({ model: id, input: many(2 << 20) }).done
      expect(sentence(lost.fault!)).toContain('The output is too large: 8 MiB, and the limit is 4 MiB.')
      expect((await ann.ask({ model: digits(ann), input: aDigit() }).done).state).toBe('one-tab')
    } finally {
      await room.close()
    }
  })
})

describe('a model shelf refuses', PATIENT, async () => {
  const FILE = buildModel(doubling)
  const manifest = await published({ name: 'doubling' }, { bytes: FILE })
  const [file] = manifest.files

  /** Asks a holder of these blocks, whatever they are, for a model. */
  async function provided(model: string, ...blocks: Uint8Array[]) {
    const network = createMemoryNetwork()
    const [asker, holder] = [network.peer('asker'), network.peer('holder')]
    await Promise.all([asker.start(), holder.start()])
    const kept = new MemoryBlockStore()
    for (const block of blocks) await kept.put(hashBytes(block), block)
    serveBlocks({ net: holder, blocks: kept, clock: systemClock, limit: () => 0 })
    const shelf = new ModelShelf({
      self: 'asker',
      clock: systemClock,
      verify: verifyWithNode,
      blocks: new KeptBlocks(new MemoryBlockStore()),
      records: memoryRecords(),
      exchange: blockExchange({ net: asker, clock: systemClock }),
      shipped: [],
      announced: () => new Map(),
      opinions: () => [],
      onChange: () => {},
    })
    const from = { peer: 'holder', addresses: ['/memory/holder'] }
    return { task: shelf.provide(model, { from }), shelf, again: () => shelf.provide(model, { from }) }
  }

  test('nothing that is honest', async () => {
    const { task, shelf } = await provided(cidOf(manifest), encode(manifest), FILE)
    expect((await task).bytes).toEqual(FILE)
    expect(shelf.find(cidOf(manifest))).toMatchObject({ source: 'room', cached: true })
  })

  const liar = (change: Record<string, unknown>) => ({ ...manifest, ...change })
  const lying = (change: Record<string, unknown>) => liar({ files: [{ ...file, ...change }] })
  const longer = await published({ files: [{ ...file!, size: FILE.length + 1 }] })
  test.each<[string, unknown, string]>([
    ['a manifest that is none', { shopping: 'list' }, 'MALFORMED'],
    ['a manifest with a field too many', liar({ tip: 1 }), 'MALFORMED'],
    ['a manifest that its publisher did not sign', liar({ name: 'trebling' }), 'BAD_SIGNATURE'],
    ['a size that its blocks do not add up to', longer, 'MALFORMED'],
    ['more blocks than its size has', lying({ blocks: [hashBytes(FILE), hashBytes(FILE)] }), 'MALFORMED'],
    ['a size past every limit', lying({ size: 2 ** 40 }), 'MALFORMED'],
    ['no size', lying({ size: 0, blocks: [] }), 'MALFORMED'],
  ])('%s', async (_, lie, code) => {
    const { task, shelf, again } = await provided(cidOf(lie), encode(lie), FILE)
    await expect(task).rejects.toMatchObject({ fault: { code } })
    await expect(again()).rejects.toMatchObject({ fault: { code } })
    expect(shelf.list()).toEqual([])
  })

  test('a manifest that does not hash to the id, and an id that is no CID, or one of another codec', async () => {
    const other = await provided(cidOf(manifest), encode(liar({ name: 'another' })), FILE)
    await expect(other.task).rejects.toMatchObject({ fault: { code: 'MODEL_UNKNOWN' } })
    const none = await provided('none', encode(manifest), FILE)
    await expect(none.task).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
    const raw = CID.createV1(0x55, CID.parse(cidOf(manifest)).multihash).toString()
    const alias = await provided(raw, encode(manifest), FILE)
    await expect(alias.task).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
  })
})
