import { readFile } from 'node:fs/promises'
import { MemoryBlockStore } from '../adapters/memory/block-store.ts'
import { memoryRecords } from '../adapters/memory/record-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { cidOf } from '../domain/charter/charter.ts'
import { fault, type Fault } from '../domain/fault.ts'
import { hashBytes, hex } from '../domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL, type Manifest } from '../domain/manifest.ts'
import type { ProvideModel } from '../peer/carry-models.ts'
import { ModelShelf } from '../peer/hold-models.ts'
import { KeptBlocks } from '../peer/keep-blocks.ts'
import { readShipped } from './read-shipped.ts'
import { shippedModels } from './shipped-models.ts'

/** The app's own models, and the files that were given: they serve if their blocks are those of the model. */
export async function modelsAtHand(manifest: Manifest, given: readonly string[]): Promise<ProvideModel> {
  const blocks = new MemoryBlockStore({ capacity: MAX_MODEL })
  for (const path of given) {
    const bytes = await readGiven(path, 'model', MAX_MODEL)
    for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
      const block = bytes.subarray(at, at + BLOCK_SIZE)
      await blocks.put(hashBytes(block), block)
    }
  }
  const shelf = new ModelShelf({
    self: '',
    clock: systemClock,
    verify: verifySignature,
    blocks: new KeptBlocks(blocks),
    records: memoryRecords(),
    // Whatever is checked here is checked with no network.
    exchange: {
      fetch: async ({ blocks: [missing] }) => {
        throw fault({ code: 'BLOCK_MISSING', digest: hex(missing?.digest ?? new Uint8Array()) })
      },
    },
    shipped: shippedModels(readShipped),
    announced: () => new Map(),
    opinions: () => [],
    onChange: () => {},
  })
  shelf.learn(cidOf(manifest), manifest)
  return shelf.provide
}

/** A file that was named on the command line. Rejects with `MALFORMED`, `TOO_LARGE`. */
export async function readGiven(file: string, what: 'receipt' | 'model', limit: number): Promise<Uint8Array> {
  const unread = (error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return fault({
      code: 'MALFORMED',
      what,
      why: missing ? `there is no file ${file}` : `${file} is not a file that can be read`,
    })
  }
  const data = await readFile(file).catch((error: unknown) => Promise.reject(unread(error)))
  if (data.length > limit) throw fault({ code: 'TOO_LARGE', what, bytes: data.length, limit })
  return new Uint8Array(data)
}

/** What the person at the command line can do about a model that is not there. */
export function adviceFor({ code }: Fault, given: readonly string[], what: string): string | undefined {
  if (code !== 'MODEL_UNKNOWN' && code !== 'BLOCK_MISSING') return undefined
  return given.length === 0
    ? 'The model does not come with the app: give its file with --model FILE.onnx.'
    : `${given.join(' and ')} is not the model of this ${what}: its bytes hash to something else. Give the file that was asked on.`
}
