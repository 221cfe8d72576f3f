import { importByteStream } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { hashBytes } from '../../src/domain/hash.ts'
import { BLOCK_SIZE } from '../../src/domain/manifest.ts'
import { fileTree } from '../../src/domain/unixfs.ts'

/** Links of one node, as the tools of IPFS have them. */
const WIDTH = 174

/** Bytes that differ within a block, and are cheap to make again and again. */
const filler = (blockSize: number) => Uint8Array.from({ length: blockSize }, (_, i) => (i * 31 + (i >> 8)) & 255)

function* contentOf(size: number, block: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < size; at += block.length) yield block.subarray(0, Math.min(block.length, size - at))
}

/** What `ipfs-unixfs-importer` makes of a file: its root and every block that it would store above the leaves. */
async function imported(size: number, block: Uint8Array): Promise<{ root: string; nodes: Set<string> }> {
  const nodes = new Set<string>()
  const store = {
    put: async (cid: CID) => {
      if (cid.code === 0x70) nodes.add(cid.toString())
      return cid
    },
  }
  const { cid } = await importByteStream(contentOf(size, block), store, {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: block.length }),
    layout: balanced({ maxChildrenPerNode: WIDTH }),
  })
  return { root: cid.toString(), nodes }
}

/** What Moot makes of it, from the digests of its blocks alone. */
function ours(size: number, block: Uint8Array): { root: string; nodes: Set<string> } {
  const whole = hashBytes(block)
  const digests = [...contentOf(size, block)].map((part) => (part.length === block.length ? whole : hashBytes(part)))
  const { root, nodes } = fileTree(size, digests.length === 0 ? [hashBytes(new Uint8Array())] : digests, block.length)
  return { root: root.toString(), nodes: new Set(nodes.map(({ cid }) => cid.toString())) }
}

const MIB = BLOCK_SIZE
const SIZES = [
  0,
  1,
  255,
  256 * 1024,
  MIB - 1,
  MIB,
  MIB + 1,
  2 * MIB - 1,
  2 * MIB,
  2 * MIB + 1,
  3 * MIB,
  17 * MIB + 17,
  (WIDTH - 1) * MIB,
  WIDTH * MIB - 1,
  WIDTH * MIB,
  WIDTH * MIB + 1,
  (WIDTH + 1) * MIB,
  2 * WIDTH * MIB,
  2 * WIDTH * MIB + 1,
  (2 * WIDTH + 2) * MIB - 1,
]

describe('the root of a file is the one that the tools of IPFS compute', { timeout: 60_000 }, () => {
  const block = filler(MIB)

  test('twenty sizes are looked at', () => expect(new Set(SIZES).size).toBe(20))

  test.for(SIZES)('%i bytes in blocks of 1 MiB', async (size) => {
    const [theirs, mine] = [await imported(size, block), ours(size, block)]
    expect(mine.root).toBe(theirs.root)
    expect(mine.nodes).toEqual(theirs.nodes)
  })

  test.for([WIDTH * WIDTH, WIDTH * WIDTH + 1])('%i blocks of 8 bytes: one level more', async (blocks) => {
    const [theirs, mine] = [await imported(blocks * 8, filler(8)), ours(blocks * 8, filler(8))]
    expect(mine.root).toBe(theirs.root)
    expect(mine.nodes).toEqual(theirs.nodes)
  })
})
