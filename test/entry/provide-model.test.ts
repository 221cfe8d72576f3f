import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { fault } from '../../src/domain/fault.ts'
import { provideModel } from '../../src/entry/provide-model.ts'
import { openImportMemory } from '../../src/entry/remember-imports.ts'
import { readWanted } from '../../src/entry/wanted-model.ts'
import { digits, modelOf, photographs } from '../kits/fake-models.ts'
import { FakePeer, idOf } from '../kits/fake-peer.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const FILE = 'model.onnx'

/** A peer that is told to have models here, in a folder with a file. */
async function stage() {
  const folder = await temporaryFolder()
  await writeFile(join(folder, FILE), 'a model')
  const peer = new FakePeer({ models: [] })
  const clock = new ManualClock()
  const stop = new AbortController()
  const said: string[] = []
  const memory = await openImportMemory(folder)
  return {
    folder,
    peer,
    clock,
    stop,
    said,
    provide: (text: string, remembered = memory) => {
      const say = (sentence: string) => void said.push(sentence)
      const wanted = readWanted(text, (path) => path === join(folder, FILE))
      return provideModel({ peer, say, clock, signal: stop.signal }, remembered, wanted)
    },
  }
}

const { manifest } = digits
const absent = modelOf(manifest, { cached: false, pinned: false, holders: [] })
const held = { ...absent, holders: [idOf('ann')] }
const pinned = (peer: FakePeer) => peer.view.models.filter((model) => model.pinned).map((model) => model.id)

describe('a model of the room', () => {
  test('is pinned once somebody holds it', async () => {
    const { peer, clock, said, provide } = await stage()
    const provided = provide(`${manifest.name}@${manifest.version}`)
    await clock.advance(0)
    peer.change({ models: [absent] })
    await clock.advance(100)
    expect(said).toEqual([expect.stringContaining('nobody in the room holds it now')])
    peer.change({ models: [held] })
    await provided
    expect(pinned(peer)).toEqual([absent.id])
    expect(said.slice(1)).toEqual([expect.stringContaining('from 1 peer.'), expect.stringContaining(absent.id)])
  })

  test('is asked for again where its holder went away half-way', async () => {
    const { peer, clock, said, provide } = await stage()
    peer.change({ models: [held] })
    peer.models.fails = fault({ code: 'BLOCK_MISSING', digest: '00' })
    const provided = provide(absent.id)
    await clock.advance(20_000)
    await provided
    expect(pinned(peer)).toEqual([absent.id])
    expect(said.join(' ')).toContain('waiting for whoever holds it')
  })

  test('that finds no room is said, and is not asked for again', async () => {
    const { peer, said, provide } = await stage()
    peer.change({ models: [held] })
    peer.models.fails = fault({ code: 'STORAGE_FULL', bytes: 1e6 })
    await provide(absent.id)
    expect(pinned(peer)).toEqual([])
    expect(said.at(-1)).toContain('is not pinned')
  })

  test('whose name two publishers use is not chosen for a person', async () => {
    const { peer, clock, stop, said, provide } = await stage()
    const other = modelOf({ ...manifest, publisher: idOf('eve') }, { cached: false, holders: [idOf('eve')] })
    peer.change({ models: [held, other] })
    const provided = provide(manifest.name)
    await clock.advance(60_000)
    expect(said).toEqual([expect.stringMatching(/Several models/)])
    expect(said[0]).toContain(held.id)
    expect(said[0]).toContain(other.id)
    stop.abort()
    await provided
    expect(pinned(peer)).toEqual([])
  })
})

describe('a model of a file', () => {
  test('is imported as it is proposed, pinned, and known after a restart', async () => {
    const { folder, peer, said, provide } = await stage()
    const provided = provide(join(folder, FILE))
    await expect.poll(() => peer.models.imports.length).toBe(1)
    const [importing] = peer.models.imports
    const proposal = { name: 'model', version: '1', licence: 'unknown' }
    peer.change({ models: [photographs] })
    importing?.change({ phase: 'choosing', choices: [{ path: 'other.onnx' }, { path: FILE }] })
    importing?.change({ phase: 'ready', proposal })
    await provided
    expect(importing?.chosen).toEqual([FILE])
    expect(importing?.published).toEqual([proposal])
    expect(pinned(peer)).toEqual([photographs.id])
    expect(said.at(-1)).toContain(photographs.id)

    await provide(join(folder, FILE), await openImportMemory(folder))
    expect(peer.models.imports).toHaveLength(1)
    expect(JSON.parse(await readFile(join(folder, 'imports.json'), 'utf8'))).toBeTypeOf('object')
    await utimes(join(folder, FILE), 1, 1)
    const changed = provide(join(folder, FILE), await openImportMemory(folder))
    await expect.poll(() => peer.models.imports.length).toBe(2)
    peer.models.imports[1]?.change({ phase: 'failed', fault: { code: 'MODEL_NOT_ONNX', why: 'it is something else' } })
    await changed
    expect(said.at(-1)).toContain('is not imported. This file is not an ONNX model')
  })

  test('is imported again where what was kept of it is gone', async () => {
    const { folder, peer, clock, provide } = await stage()
    await (await openImportMemory(folder)).remember(readWanted('owner/name', () => false) as never, photographs.id)
    const provided = provide('owner/name', await openImportMemory(folder))
    await expect.poll(async () => (await clock.advance(10_000), peer.models.imports.length)).toBe(1)
    peer.models.imports[0]?.change({ phase: 'failed', fault: { code: 'MODEL_REFUSED', why: 'no' } })
    await provided
  })
})

describe('a model of the web', () => {
  test('whose server fails is tried again, from where it was', async () => {
    const { peer, clock, said, provide } = await stage()
    const provided = provide('owner/name')
    await expect.poll(() => peer.models.imports.length).toBe(1)
    const why = { code: 'SOURCE_FAILED', source: 'owner/name', why: 'nothing answers', advice: 'Try again.' } as const
    peer.models.imports[0]?.change({ phase: 'failed', fault: why })
    await expect.poll(async () => (await clock.advance(60_000), peer.models.imports.length)).toBe(2)
    expect(said.join(' ')).toContain('is not imported yet')
    peer.models.imports[1]?.change({ phase: 'choosing', choices: [{ path: 'a.onnx' }, { path: 'b.onnx' }] })
    await provided
    expect(said.at(-1)).toContain('holds several (a.onnx, b.onnx)')
  })
})
