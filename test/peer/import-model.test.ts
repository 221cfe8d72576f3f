import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { encodeManifest, readManifest } from '../../src/domain/check-manifest.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { fault, MootError, sentence } from '../../src/domain/fault.ts'
import { hashBytes } from '../../src/domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL } from '../../src/domain/manifest.ts'
import type { Claim } from '../../src/ports/claim.ts'
import type { Import, ImportView } from '../../src/peer/view.ts'
import { COMMIT, Hub } from '../kits/hub.ts'
import { filesOf, importer, standInInspector, until } from '../kits/importer.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { fileOf } from '../kits/manifests.ts'
import { classifier } from '../kits/model-files.ts'
import { buildModel, doubling } from '../kits/onnx-builder.ts'

const MODEL = classifier(3, 5 * BLOCK_SIZE)
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

let hub: Hub
beforeEach(async () => {
  hub = await new Hub().start()
  hub.files.set('/model.onnx', MODEL)
})
afterEach(() => hub.stop())

const url = (path = '/model.onnx') => ({ kind: 'url', url: `${hub.url}${path}` }) as const
const repository = (files: Record<string, Uint8Array>, info?: object) => {
  hub.repositories.set('owner/name', { files, ...(info ? { info } : {}) })
  return { kind: 'hub', repository: 'owner/name' } as const
}

/** Every view that an import shows, until it settles. */
async function viewsOf(importing: Import): Promise<readonly ImportView[]> {
  const views = [importing.view]
  importing.subscribe((view) => views.push(view))
  await importing.settled
  return views
}

const why = ({ fault: failure }: ImportView): string => (failure ? sentence(failure) : 'it did not fail')

describe('an import', () => {
  test('goes from the address to a signed model, and leaves nothing half-way', async () => {
    const { imports, blocks, records, published } = await importer()
    const importing = imports.import(url())
    const views = await viewsOf(importing)
    expect([...new Set(views.map(({ phase }) => phase))]).toEqual(['looking', 'reading', 'checking', 'ready'])
    const transfers = views.flatMap(({ transfer }) => transfer ?? [])
    expect(transfers.at(-1)).toMatchObject({ bytes: MODEL.length, total: MODEL.length })
    expect(published).toEqual([])

    const { proposal } = importing.view
    const { manifest } = await importing.publish(proposal!)
    expect(importing.view.phase).toBe('done')
    expect(await readManifest(cidOf(manifest), encodeManifest(manifest), verifyWithNode)).toEqual(manifest)
    expect(manifest).toMatchObject({ name: 'model', version: '1', licence: 'unknown', source: url().url })
    expect(manifest.files).toEqual([fileOf(MODEL)])
    expect(await blocks.missing(manifest.files[0]!.blocks)).toEqual([])
    expect(await records.all()).toEqual([])
    expect(imports.unfinished).toEqual([])
  })

  test('of a repository takes along what lies beside the model, and proposes what it says', async () => {
    const { imports } = await importer({ hub: hub.url })
    const importing = imports.import(
      repository(
        {
          'README.md': json('none of it'),
          'onnx/model.onnx': MODEL,
          'config.json': json({ id2label: { 0: 'ett', 1: 'två\u202e', 2: 'drei' }, extra: [1] }),
          'preprocessor_config.json': json({
            image_mean: [0.5, 0.5, 0.5],
            image_std: [0.5, 0.25, 0.5],
            rescale_factor: 1 / 255,
            size: { shortest_edge: 40 },
            do_center_crop: true,
          }),
        },
        { pipeline_tag: 'image-classification', cardData: { license: 'apache-2.0' } },
      ),
    )
    const { proposal } = await importing.settled
    expect(proposal).toEqual({
      name: 'name',
      version: '1',
      licence: 'apache-2.0',
      task: 'image-classification',
      labels: { output: 'scores', names: ['ett', 'två', 'drei'], activation: 'softmax' },
      image: {
        input: 'pixels',
        planes: ['red', 'green', 'blue'],
        mean: [127.5, 127.5, 127.5],
        deviation: [127.5, 63.75, 127.5],
        shorterSide: 40,
      },
    })
    const { manifest } = await importing.publish(proposal!)
    expect(manifest.source).toBe(`${hub.url}/owner/name/tree/${COMMIT}`)
    expect(manifest.files.map(({ path, role }) => [path, role])).toEqual([
      ['onnx/model.onnx', 'model'],
      ['config.json', 'config'],
      ['preprocessor_config.json', 'config'],
    ])
    expect(hub.asked.some(({ path }) => path.endsWith('README.md'))).toBe(false)
  })

  test('asks which file is meant where there are several, the handiest first', async () => {
    const { imports } = await importer({ hub: hub.url })
    const small = classifier(3)
    const importing = imports.import(
      repository({
        'onnx/decoder_model.onnx': small,
        'onnx/model_fp16.onnx': small,
        'onnx/model_quantized.onnx': small,
        'onnx/model.onnx': MODEL,
      }),
    )
    const { choices } = await until(importing, 'choosing')
    expect(choices.map(({ path, size }) => [path, size])).toEqual([
      ['onnx/model.onnx', MODEL.length],
      ['onnx/model_quantized.onnx', small.length],
      ['onnx/model_fp16.onnx', small.length],
      ['onnx/decoder_model.onnx', small.length],
    ])
    importing.choose('none of them')
    expect(importing.view.phase).toBe('choosing')
    importing.choose('onnx/model_quantized.onnx')
    const { proposal } = await importing.settled
    expect(proposal?.name).toBe('name-quantized')
  })

  test('brings the weights that the graph calls for from beside it', async () => {
    const weights = new Uint8Array(2 * BLOCK_SIZE + 3).fill(9)
    const inspector = standInInspector({
      scan: (inspection) => ({ ...inspection, weights: [{ path: 'model.onnx_data', bytes: weights.length }] }),
    })
    const { imports } = await importer({ hub: hub.url, inspector })
    const importing = imports.import(repository({ 'onnx/model.onnx': MODEL, 'onnx/model.onnx_data': weights }))
    const views = await viewsOf(importing)
    const total = MODEL.length + weights.length
    expect(views.flatMap(({ transfer }) => transfer?.total ?? []).every((bytes) => bytes === total)).toBe(true)
    const { manifest } = await importing.publish(importing.view.proposal!)
    expect(manifest.files[1]).toEqual(fileOf(weights, 'model.onnx_data', 'weights'))
  })

  test('of one name after another is a version after the one before it', async () => {
    const { imports, published } = await importer()
    const first = imports.import(url())
    const one = await first.publish((await first.settled).proposal!)
    const second = imports.import(url())
    const { proposal } = await second.settled
    expect(proposal).toMatchObject({ name: 'model', version: '2', parent: one.id })
    await second.publish({ ...proposal!, notes: 'The same again.' })
    expect(published).toHaveLength(2)
  })

  test('is signed as a person says, once that holds', async () => {
    const { imports, published } = await importer()
    const importing = imports.import(url())
    const { proposal } = await importing.settled
    const refused = importing.publish({ ...proposal!, name: '<b>bold</b>' })
    await expect(refused).rejects.toThrow('must be letters and digits')
    expect(importing.view.phase).toBe('ready')
    expect(published).toEqual([])
    await importing.publish({ ...proposal!, name: 'bold' })
    expect(published[0]?.manifest.name).toBe('bold')
    await expect(importing.publish(proposal!)).rejects.toThrow('signing of the model')
  })

  test('of a model too large to be run here is not tried, and says so', async () => {
    const block = new Uint8Array(BLOCK_SIZE)
    const size = MAX_MODEL + BLOCK_SIZE
    const inspection = standInInspector().scan()
    inspection.push(MODEL)
    const known = inspection.finish()
    const { imports } = await importer({
      inspector: { ...standInInspector(), scan: () => ({ push: () => {}, finish: () => known }) },
      openSource: () => ({
        list: async () => ({ name: 'huge', files: [{ path: 'huge.onnx', size }] }),
        read: async () => ({
          size,
          from: 0,
          chunks: (async function* () {
            for (let at = 0; at < size; at += BLOCK_SIZE) yield block
          })(),
        }),
      }),
    })
    const importing = imports.import(url())
    const { calibration, proposal } = await importing.settled
    expect(calibration?.note).toBe('too large to be run here')
    const { manifest } = await importing.publish(proposal!)
    expect(manifest.files[0]).toMatchObject({ size, blocks: { length: 257 } })
  })
})

describe('an import is refused, and nothing of it stays', () => {
  const RANDOM = buildModel({ ...doubling, nodes: [{ type: 'RandomNormalLike', inputs: ['x'], outputs: ['y'] }] })

  test.for<[string, Uint8Array, RegExp]>([
    ['a model that draws at random', RANDOM, /it draws at random \(RandomNormalLike\)/],
    ['a file that is no model', new Uint8Array(3 * BLOCK_SIZE).fill(60), /This file is not an ONNX model/],
    ['a model cut short', MODEL.slice(0, 3 * BLOCK_SIZE), /This file is not an ONNX model/],
  ])('%s', async ([, bytes, sentenceOf]) => {
    hub.files.set('/model.onnx', bytes)
    const { imports, blocks, records, published } = await importer()
    const view = await imports.import(url()).settled
    expect(view.phase).toBe('failed')
    expect(why(view)).toMatch(sentenceOf)
    expect(await blocks.usage()).toEqual({ bytes: 0, pinned: 0 })
    expect(await records.all()).toEqual([])
    expect([imports.unfinished, published]).toEqual([[], []])
  })

  test('weights that are not there', async () => {
    const weights = [{ path: 'model.onnx_data', bytes: 8 }]
    const inspector = standInInspector({ scan: (inspection) => ({ ...inspection, weights }) })
    const { imports, blocks } = await importer({ inspector })
    const view = await imports.import(url()).settled
    expect(why(view)).toContain('its weights lie in another file, model.onnx_data, which is not beside it')
    expect((await blocks.usage()).bytes).toBe(0)
  })

  test('weights that are shorter than the graph says, or lie elsewhere', async () => {
    for (const [path, sentenceOf] of [
      ['short_data', 'its weights take 8 bytes, and its file short_data has 1'],
      ['../secrets', 'it calls for weights outside of its folder'],
    ] as const) {
      const inspector = standInInspector({ scan: (facts) => ({ ...facts, weights: [{ path, bytes: 8 }] }) })
      const { imports } = await importer({ inspector })
      const view = await imports.import(filesOf({ 'model.onnx': MODEL, 'short_data': Uint8Array.of(1) })).settled
      expect(why(view)).toContain(sentenceOf)
    }
  })

  test('a model that fails when it is tried; what it says of itself is shown', async () => {
    const inspector = standInInspector({
      calibrate: () => Promise.reject(fault({ code: 'MODEL_REFUSED', why: 'it gives no two times the same' })),
    })
    const { imports, blocks } = await importer({ inspector })
    const view = await imports.import(url()).settled
    expect(why(view)).toContain('it gives no two times the same')
    expect(view.inspection?.operators).toEqual(expect.arrayContaining([{ type: 'MatMul', count: 1 }]))
    expect((await blocks.usage()).bytes).toBe(0)
  })

  test('nothing that was here before is dropped with it', async () => {
    const { imports, blocks } = await importer()
    const good = imports.import(url())
    await good.publish((await good.settled).proposal!)
    const before = await blocks.usage()
    // The first blocks are those of the good model, and then comes nonsense.
    const odd = new Uint8Array(MODEL.length + BLOCK_SIZE)
    odd.set(MODEL.subarray(0, 3 * BLOCK_SIZE))
    hub.files.set('/odd.onnx', odd)
    expect(why(await imports.import(url('/odd.onnx')).settled)).toMatch(/not an ONNX model/)
    expect((await blocks.usage()).bytes).toBe(before.bytes)
    expect(await blocks.missing(good.view.model!.manifest.files[0]!.blocks)).toEqual([])
  })

  test('a repository or a selection without a model', async () => {
    const { imports } = await importer({ hub: hub.url })
    expect(why(await imports.import(repository({ 'a.txt': MODEL, 'b.bin': MODEL })).settled)).toContain('.onnx')
  })
})

describe('an import that was cut', () => {
  const CUT = Math.floor(MODEL.length * 0.6)

  test('goes on where it stopped: no stored byte is asked for twice', async () => {
    hub.wrong.set('/model.onnx', { cut: { at: CUT, times: 99 } })
    const before = await importer()
    const failed = await before.imports.import(url()).settled
    expect(why(failed)).toContain('the connection is cut again and again')
    const kept = Math.floor(CUT / BLOCK_SIZE) * BLOCK_SIZE
    expect(before.imports.unfinished).toEqual([
      { key: expect.any(String), title: 'model.onnx', bytes: kept, origin: url() },
    ])

    // Another tab, over what the first has left.
    hub.wrong.clear()
    hub.asked.length = 0
    const after = await importer(before)
    expect(after.imports.unfinished).toMatchObject([{ bytes: kept }])
    const [left] = after.imports.unfinished
    const importing = after.imports.import(left!.origin!)
    const views = await viewsOf(importing)
    expect(views.find(({ transfer }) => transfer)?.transfer?.bytes).toBeGreaterThanOrEqual(kept)
    expect(hub.readsOf('/model.onnx')).toMatchObject([{ from: kept, sent: MODEL.length - kept }])
    const { manifest } = await importing.publish(importing.view.proposal!)
    expect(manifest.files).toEqual([fileOf(MODEL)])
    expect(await after.records.all()).toEqual([])
  })

  test('after the model, in its weights, does not read the model again', async () => {
    const weights = Uint8Array.from({ length: 3 * BLOCK_SIZE }, (_, i) => (i >> 10) & 255)
    const inspector = standInInspector({
      scan: (inspection) => ({ ...inspection, weights: [{ path: 'model.onnx_data', bytes: weights.length }] }),
    })
    const origin = repository({ 'model.onnx': MODEL, 'model.onnx_data': weights })
    const path = `/owner/name/resolve/${COMMIT}/model.onnx_data`
    hub.wrong.set(path, { cut: { at: 2 * BLOCK_SIZE, times: 99 } })
    const before = await importer({ hub: hub.url, inspector })
    await before.imports.import(origin).settled
    hub.wrong.clear()
    hub.asked.length = 0
    const after = await importer({ ...before, hub: hub.url, inspector })
    expect((await after.imports.import(origin).settled).phase).toBe('ready')
    expect(hub.asked.map(({ path: asked, from }) => [asked, from])).toEqual([
      ['/api/models/owner/name/revision/main', 0],
      [path, 2 * BLOCK_SIZE],
    ])
  })

  test('begins again where the file is another one by now', async () => {
    hub.wrong.set('/model.onnx', { cut: { at: CUT, times: 99 } })
    const before = await importer()
    await before.imports.import(url()).settled
    const other = classifier(4, 4 * BLOCK_SIZE)
    hub.wrong.clear()
    hub.files.set('/model.onnx', other)
    const after = await importer(before)
    const importing = after.imports.import(url())
    const { manifest } = await importing.publish((await importing.settled).proposal!)
    expect(manifest.files).toEqual([fileOf(other)])
    // What was left of the one before is gone.
    expect((await after.blocks.usage()).bytes).toBe(other.length)
  })

  test('and of which the device lost a block, or has a broken one, reads from there', async () => {
    for (const spoil of ['lost', 'broken'] as const) {
      hub.wrong.set('/model.onnx', { cut: { at: CUT, times: 99 } })
      const before = await importer()
      await before.imports.import(url()).settled
      const second = hashBytes(MODEL.subarray(BLOCK_SIZE, 2 * BLOCK_SIZE))
      await before.blocks.delete([second])
      if (spoil === 'broken') await before.blocks.put(second, new Uint8Array(BLOCK_SIZE))
      hub.wrong.clear()
      hub.asked.length = 0
      const after = await importer(before)
      expect((await after.imports.import(url()).settled).phase).toBe('ready')
      expect(hub.readsOf('/model.onnx').at(-1)?.from).toBe(BLOCK_SIZE)
    }
  })

  test('of files of this device is given them again, and writes no block twice', async () => {
    const store = new MemoryBlockStore({ capacity: 1 << 30 })
    const written: number[] = []
    let room = 3
    const blocks: typeof store = Object.create(store, {
      put: {
        value: async (...[digest, bytes, options]: Parameters<typeof store.put>) => {
          if (room-- <= 0) throw fault({ code: 'STORAGE_FULL', bytes: bytes.length })
          written.push(bytes.length)
          await store.put(digest, bytes, options)
        },
      },
      ...Object.fromEntries(
        (['get', 'missing', 'pin', 'delete', 'usage', 'limit'] as const).map((name) => [
          name,
          { value: (store[name] as (...args: never[]) => unknown).bind(store) },
        ]),
      ),
    })
    const before = await importer({ blocks })
    const origin = filesOf({ 'model.onnx': MODEL })
    expect(why(await before.imports.import(origin).settled)).toContain('no room')
    const [left] = before.imports.unfinished
    expect(left).toMatchObject({ title: 'model.onnx', bytes: 3 * BLOCK_SIZE })
    expect(left).not.toHaveProperty('origin')
    room = 99
    const after = await importer({ blocks, records: before.records })
    expect((await after.imports.import(filesOf({ 'model.onnx': MODEL })).settled).phase).toBe('ready')
    expect(written.reduce((sum, bytes) => sum + bytes, 0)).toBe(MODEL.length)
  })

  test('can be forgotten, with all that was read for it', async () => {
    hub.wrong.set('/model.onnx', { cut: { at: CUT, times: 99 } })
    const { imports, blocks, records } = await importer()
    await imports.import(url()).settled
    await imports.discard(imports.unfinished[0]!.key)
    expect(imports.unfinished).toEqual([])
    expect(await records.all()).toEqual([])
    expect(await blocks.usage()).toEqual({ bytes: 0, pinned: 0 })
  })

  test('and noted by who knows whom is forgotten', async () => {
    const { records } = await importer()
    await records.put('url x', { title: 7, files: 'none' })
    const { imports } = await importer({ records })
    expect(imports.unfinished).toEqual([])
    expect(await records.all()).toEqual([])
  })
})

describe('an import is stopped', () => {
  test('while a file is to be chosen, while it is read, and when all is ready', async () => {
    for (const phase of ['choosing', 'reading', 'ready'] as const) {
      const { imports, published } = await importer({ hub: hub.url })
      const origin = phase === 'choosing' ? repository({ 'a.onnx': MODEL, 'b.onnx': MODEL }) : url()
      const importing = imports.import(origin)
      await until(importing, phase)
      importing.cancel()
      const view = await until(importing, 'failed')
      expect(view.fault).toEqual({ code: 'CANCELLED' })
      // What was read whole and is not wanted leaves nothing behind.
      if (phase !== 'reading') expect(imports.unfinished).toEqual([])
      await expect(importing.publish({ name: 'a', version: '1', licence: 'MIT' })).rejects.toThrow(MootError)
      expect(published).toEqual([])
    }
  })

  test('by who began it, before it began', async () => {
    const { imports } = await importer()
    const view = await imports.import(url(), { signal: AbortSignal.abort() }).settled
    expect(view.fault).toEqual({ code: 'CANCELLED' })
  })

  test('and begun again at once', async () => {
    const { imports } = await importer()
    const first = imports.import(url())
    const second = await imports.import(url()).settled
    expect(why(second)).toContain('it is being imported already, here or in another tab')
    expect((await first.settled).phase).toBe('ready')
  })
})

describe('two tabs of one browser', () => {
  /** Locks that both tabs see. */
  const locks = (): Claim => {
    const held = new Set<string>()
    return async (name) => {
      if (held.has(name)) return undefined
      held.add(name)
      return async () => void held.delete(name)
    }
  }

  test('do not import the same at the same time, nor call it unfinished while it runs', async () => {
    const claim = locks()
    const alice = await importer({ claim })
    const importing = alice.imports.import(url())
    await until(importing, 'ready')
    const bob = await importer({ ...alice, claim })
    expect(await alice.records.all()).toHaveLength(1)
    expect(bob.imports.unfinished).toEqual([])
    expect(why(await bob.imports.import(url()).settled)).toContain('in another tab')
    await expect(bob.imports.discard('none')).resolves.toBeUndefined()
    importing.cancel()
    await until(importing, 'failed')
    await bob.imports.refresh()
    expect(bob.imports.unfinished).toEqual([])
    expect((await bob.imports.import(url()).settled).phase).toBe('ready')
  })
})
