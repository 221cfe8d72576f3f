import { CarWriter } from '@ipld/car/writer'
import { CID } from 'multiformats/cid'
import { cidOf } from '../domain/charter/charter.ts'
import { encodeManifest } from '../domain/check-manifest.ts'
import { fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import { BLOCK_SIZE, type Manifest } from '../domain/manifest.ts'
import { rawCid } from '../domain/cids.ts'
import { fileTree } from '../domain/unixfs.ts'
import type { BlockStore } from '../ports/block-store.ts'

interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/**
 * A model as a CAR file (v1, https://ipld.io/specs/transport/car/carv1/) in pieces: the manifest is its root, and each file
 * in it a UnixFS file that the tools of IPFS read. No faster than it is taken, one block at a time. Rejects with
 * `BLOCK_MISSING`, `CANCELLED`.
 */
export async function* exportCar(
  manifest: Manifest,
  blocks: Pick<BlockStore, 'get'>,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array, void, void> {
  const root = CID.parse(cidOf(manifest))
  const { writer, out } = CarWriter.create([root])
  const write = async () => {
    try {
      for await (const block of blocksOf(manifest, blocks)) {
        if (signal?.aborted) throw fault({ code: 'CANCELLED' })
        await writer.put(block)
      }
    } finally {
      await writer.close()
    }
  }
  const written = write()
  // Heard of below, once what came before it has been taken.
  written.catch(() => {})
  yield* out
  await written
}

/** Each block once, whatever it hangs from before it. */
async function* blocksOf(manifest: Manifest, store: Pick<BlockStore, 'get'>): AsyncGenerator<Block> {
  yield { cid: CID.parse(cidOf(manifest)), bytes: encodeManifest(manifest) }
  const written = new Set<string>()
  for (const { size, blocks } of manifest.files) {
    for (const node of fileTree(size, blocks, BLOCK_SIZE).nodes.toReversed()) yield node
    for (const digest of blocks) {
      if (written.has(hex(digest))) continue
      written.add(hex(digest))
      const bytes = await store.get(digest)
      if (bytes === undefined) throw fault({ code: 'BLOCK_MISSING', digest: hex(digest) })
      yield { cid: rawCid(digest), bytes }
    }
  }
}
