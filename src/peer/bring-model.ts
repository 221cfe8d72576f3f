import { fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import {
  BLOCK_SIZE,
  blockLength,
  graphOf,
  runFiles,
  type Manifest,
  type ModelFile,
  type ModelId,
} from '../domain/manifest.ts'
import { release } from '../domain/release.ts'
import type { Clock } from '../ports/clock.ts'
import type { LoadedModel } from '../ports/inference-engine.ts'
import type { BlockExchange, Holder } from '../protocols/blocks/index.ts'
import type { KeptBlocks } from './keep-blocks.ts'
import { TransferMeter } from './measure-transfer.ts'
import type { Transfer } from './view.ts'

/** Blocks read from the storage at a time. */
const READ_AHEAD = 4

export interface BringComponents {
  readonly clock: Clock
  readonly blocks: KeptBlocks
  readonly exchange: BlockExchange
}

export interface BringOptions {
  /** Who holds it now. */
  readonly holders: () => readonly Holder[]
  readonly signal: AbortSignal
  readonly onTransfer: (transfer: Transfer) => void
}

/** A block of a file, and where in it. */
interface Piece {
  readonly file: ModelFile
  readonly at: number
  readonly digest: Uint8Array
  readonly length: number
}

const piecesOf = (files: readonly ModelFile[]): Piece[] =>
  files.flatMap((file) =>
    file.blocks.map((digest, i) => ({ file, at: i * BLOCK_SIZE, digest, length: blockLength(file.size, i) })),
  )

/** Every block of a model. */
export const digestsOf = ({ files }: Pick<Manifest, 'files'>): readonly Uint8Array[] =>
  files.flatMap(({ blocks }) => blocks)

/** Puts files of a model into the storage, pinned, so that nothing that comes later takes their place. */
export async function bringToStore(
  { clock, blocks, exchange }: BringComponents,
  files: readonly ModelFile[],
  { holders, signal, onTransfer }: BringOptions,
): Promise<void> {
  const pieces = piecesOf(files)
  await blocks.pin(
    pieces.map(({ digest }) => digest),
    true,
  )
  const missing = await lacking(blocks, pieces)
  if (missing.length === 0) return
  const total = bytesOf(pieces)
  const meter = new TransferMeter(clock, total, total - bytesOf(missing))
  onTransfer(meter.transfer)
  await exchange.fetch({
    holders,
    blocks: missing,
    signal,
    onBlock: async ({ digest, length }, bytes, from) => {
      await blocks.put(digest, bytes, { pinned: true })
      release(bytes)
      meter.add(length, from)
      onTransfer(meter.transfer)
    },
  })
}

/** Puts what it takes to run a model into memory: from the storage, and from the room what is not there. What comes is stored where there is room. */
export async function bringToRun(
  { clock, blocks, exchange }: BringComponents,
  id: ModelId,
  manifest: Manifest,
  { holders, signal, onTransfer }: BringOptions,
): Promise<LoadedModel> {
  const files = new FileBuffers()
  const pieces = piecesOf(runFiles(manifest))
  const missing = await files.fill(blocks, pieces, signal)
  if (missing.length > 0) {
    const total = bytesOf(pieces)
    const meter = new TransferMeter(clock, total, total - bytesOf(missing))
    onTransfer(meter.transfer)
    const stored: Promise<void>[] = []
    await exchange.fetch({
      holders,
      blocks: distinct(missing),
      signal,
      onBlock: async ({ digest, length, pieces: alike }, bytes, from) => {
        for (const piece of alike) files.put(piece, bytes)
        // Not waited for: it is in memory as it is, and a storage without room is no reason to fail.
        stored.push(blocks.put(digest, bytes).catch(() => {}))
        meter.add(length * alike.length, from)
        onTransfer(meter.transfer)
      },
    })
    await Promise.all(stored)
  }
  const weights = manifest.files.filter(({ role }) => role === 'weights')
  return {
    id,
    manifest,
    bytes: files.take(graphOf(manifest)),
    weights: weights.map((file) => ({ path: file.path, bytes: files.take(file) })),
  }
}

/** A block that a model has in several places is brought once. */
function distinct(
  pieces: readonly Piece[],
): readonly { digest: Uint8Array; length: number; pieces: readonly Piece[] }[] {
  const groups = Map.groupBy(pieces, ({ digest, length }) => `${hex(digest)} ${length}`)
  return [...groups.values()].flatMap((alike) =>
    alike[0] ? [{ digest: alike[0].digest, length: alike[0].length, pieces: alike }] : [],
  )
}

/** One file whole, from the storage. Undefined where a block of it is not there. */
export async function readFile(
  blocks: KeptBlocks,
  file: ModelFile,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const files = new FileBuffers()
  const missing = await files.fill(blocks, piecesOf([file]), signal)
  return missing.length === 0 ? files.take(file) : undefined
}

/** The pieces that are not in the storage, each block once. */
async function lacking(blocks: KeptBlocks, pieces: readonly Piece[]): Promise<readonly Piece[]> {
  const missing = new Set((await blocks.missing(pieces.map(({ digest }) => digest))).map(hex))
  return pieces.filter(({ digest }) => missing.delete(hex(digest)))
}

const bytesOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0)

/** Files put together from their blocks. Only what came takes memory: a manifest can name any size. */
class FileBuffers {
  readonly #files = new Map<ModelFile, Uint8Array>()

  /** Takes what the storage has. Gives what it lacks. */
  async fill(blocks: KeptBlocks, pieces: readonly Piece[], signal?: AbortSignal): Promise<readonly Piece[]> {
    const missing: Piece[] = []
    for (let at = 0; at < pieces.length; at += READ_AHEAD) {
      signal?.throwIfAborted()
      const next = pieces.slice(at, at + READ_AHEAD)
      const found = await Promise.all(next.map(({ digest }) => blocks.get(digest)))
      for (const [i, piece] of next.entries()) {
        const bytes = found[i]
        if (bytes?.length === piece.length) this.put(piece, bytes)
        else missing.push(piece)
      }
    }
    return missing
  }

  put({ file, at }: Piece, bytes: Uint8Array): void {
    const buffer = this.#files.get(file) ?? new Uint8Array(file.size)
    this.#files.set(file, buffer)
    buffer.set(bytes, at)
  }

  take(file: ModelFile): Uint8Array {
    const bytes = this.#files.get(file)
    if (bytes === undefined) throw fault({ code: 'BLOCK_MISSING', digest: hex(file.cid.multihash.digest) })
    return bytes
  }
}
