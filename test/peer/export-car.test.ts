import { CarReader } from '@ipld/car/reader'
import { decode as decodeNode } from '@ipld/dag-pb'
import { importBytes } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { describe, expect, test } from 'vitest'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { readManifest } from '../../src/domain/check-manifest.ts'
import { hashBytes, hex } from '../../src/domain/hash.ts'
import { BLOCK_SIZE, type Manifest } from '../../src/domain/manifest.ts'
import { exportCar } from '../../src/peer/export-car.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { fileOf, published } from '../kits/manifests.ts'

const graph = Uint8Array.from({ length: 2 * BLOCK_SIZE + 77 }, (_, i) => (i * 7 + (i >> 13)) & 255)
const settings = new TextEncoder().encode('{"id2label":{}}')
const zeros = new Uint8Array(3 * BLOCK_SIZE)

async function model(): Promise<{ manifest: Manifest; blocks: MemoryBlockStore }> {
  const blocks = new MemoryBlockStore()
  for (const bytes of [graph, settings, zeros])
    for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
      const block = bytes.slice(at, at + BLOCK_SIZE)
      await blocks.put(hashBytes(block), block)
    }
  const files = [fileOf(graph), fileOf(settings, 'config.json', 'config'), fileOf(zeros, 'model.onnx_data', 'weights')]
  return { manifest: await published({ files }), blocks }
}

/** The root that the tools of IPFS give these bytes. */
const rootOf = async (bytes: Uint8Array): Promise<string> => {
  const { cid } = await importBytes(
    bytes,
    { put: async (key) => key },
    {
      cidVersion: 1,
      rawLeaves: true,
      reduceSingleLeafToSelf: true,
      chunker: fixedSize({ chunkSize: BLOCK_SIZE }),
      layout: balanced({ maxChildrenPerNode: 174 }),
    },
  )
  return cid.toString()
}

describe('a CAR file', () => {
  test('holds the manifest as its root and every block of every file, each by its own hash', async () => {
    const { manifest, blocks } = await model()
    const car = await CarReader.fromIterable(exportCar(manifest, blocks))
    const [root, ...others] = await car.getRoots()
    expect(others).toEqual([])
    expect(root!.toString()).toBe(cidOf(manifest))
    const { bytes } = (await car.get(root!))!
    expect(await readManifest(cidOf(manifest), bytes, verifyWithNode)).toEqual(manifest)
    const seen = new Set<string>()
    for await (const block of car.blocks()) {
      expect(hex(block.cid.multihash.digest)).toBe(hex(hashBytes(block.bytes)))
      expect(seen).not.toContain(block.cid.toString())
      seen.add(block.cid.toString())
    }
    // A manifest; a node over three leaves; settings that are their own root; a node over three times the same leaf.
    expect(seen.size).toBe(1 + (1 + 3) + 1 + (1 + 1))
    for (const bytes of [graph, settings, zeros]) expect(seen).toContain(await rootOf(bytes))
  })

  test('is read by following its links, to the very bytes', async () => {
    const { manifest, blocks } = await model()
    const car = await CarReader.fromIterable(exportCar(manifest, blocks))
    const node = decodeNode((await car.get(manifest.files[0]!.cid))!.bytes)
    const leaves = await Promise.all(node.Links.map(async ({ Hash }) => (await car.get(Hash))!.bytes))
    expect(Buffer.concat(leaves).equals(graph)).toBe(true)
  })

  test('is made no faster than it is taken', async () => {
    const { manifest, blocks } = await model()
    let read = 0
    const counting = { get: (digest: Uint8Array) => ((read += 1), blocks.get(digest)) }
    const pieces = exportCar(manifest, counting)
    let bytes = 0
    while (bytes < 1_000) bytes += (await pieces.next()).value?.length ?? 0
    expect(read).toBeLessThanOrEqual(2)
    await pieces.return()
  })

  test('without all of its blocks ends in a sentence', async () => {
    const { manifest, blocks } = await model()
    await blocks.delete([manifest.files[1]!.blocks[0]!])
    const reading = (async () => {
      for await (const piece of exportCar(manifest, blocks)) void piece
    })()
    await expect(reading).rejects.toThrow('could not be fetched from anybody')
  })

  test('that nobody wants any more is not made to its end', async () => {
    const { manifest, blocks } = await model()
    const giveUp = new AbortController()
    const reading = (async () => {
      for await (const piece of exportCar(manifest, blocks, { signal: giveUp.signal })) {
        void piece
        giveUp.abort()
      }
    })()
    await expect(reading).rejects.toThrow('Cancelled')
  })
})
