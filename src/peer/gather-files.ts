import { fault, faultOf } from '../domain/fault.ts'
import { BLOCK_SIZE, isPath, MAX_FILE, type ModelFile } from '../domain/manifest.ts'
import { fileTree } from '../domain/unixfs.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Inspection, ModelInspector } from '../ports/model-inspector.ts'
import type { ModelSource, SourceListing } from '../ports/model-source.ts'
import { besideModel, companionsOf, type Companion } from './choose-files.ts'
import type { ImportJournal } from './keep-journal.ts'
import { storeFile, type StoredFile } from './store-file.ts'

export interface GatherInit {
  readonly source: ModelSource
  readonly listing: SourceListing
  /** The ONNX file. */
  readonly model: string
  readonly inspector: Pick<ModelInspector, 'scan'>
  readonly blocks: BlockStore
  readonly journal: ImportJournal
  /** Bytes that are here of all the files, and what they come to where all of it is known. */
  readonly onBytes: (bytes: number, total?: number) => void
  readonly signal: AbortSignal
}

/** All the files of a model, stored and pinned. */
export interface Gathered {
  readonly inspection: Inspection
  /** The graph first, then its weights, then what goes along with them. */
  readonly files: readonly ModelFile[]
}

/**
 * Brings a model's files into the store. Rejects with what sources and scans reject with, with `TOO_LARGE`, and with
 * `MODEL_REFUSED` where weights are not beside the graph.
 */
export async function gatherFiles(init: GatherInit): Promise<Gathered> {
  const { listing, model, inspector } = init
  const companions = companionsOf(listing, model)
  const progress = new Progress(init.onBytes, [
    sizeIn(listing, model),
    ...companions.map(({ size }) => size),
    ...listing.files
      .filter(({ path }) => path.startsWith(`${model}_data`) || path.startsWith(`${model}.data`))
      .map(({ size }) => size),
  ])
  const graph = await store(init, progress, {
    path: model,
    what: 'model',
    limit: MAX_FILE,
    scan: () => inspector.scan(),
  })
  const { inspection } = graph
  if (inspection === undefined) throw new TypeError('a graph is scanned')
  const weights: ModelFile[] = []
  for (const { path, bytes } of inspection.weights) weights.push(await storeWeights(init, progress, path, bytes))
  const along: ModelFile[] = []
  for (const companion of companions) along.push(...(await storeCompanion(init, progress, companion)))
  return {
    inspection,
    files: [modelFile(isPath(model) ? model : 'model.onnx', 'model', graph), ...weights, ...along],
  }
}

async function storeWeights(init: GatherInit, progress: Progress, path: string, bytes: number): Promise<ModelFile> {
  const beside = besideModel(init.model, path)
  if (beside === undefined) throw refused(`it calls for weights outside of its folder (${path.slice(0, 80)})`)
  const stored = await store(init, progress, { path: beside, what: 'file with weights', limit: MAX_FILE }).catch(
    (error: unknown) => {
      const failure = faultOf(error)
      if (failure.code !== 'SOURCE_FAILED' || !failure.absent) throw error
      throw refused(`its weights lie in another file, ${path}, which is not beside it`)
    },
  )
  if (stored.size >= Math.max(1, bytes)) return modelFile(path, 'weights', stored)
  throw refused(`its weights take ${bytes} bytes, and its file ${path} has ${stored.size}`)
}

/** Settings and labels are welcome, not needed: one that is too long is left behind. */
async function storeCompanion(init: GatherInit, progress: Progress, file: Companion): Promise<readonly ModelFile[]> {
  try {
    const stored = await store(init, progress, { path: file.path, what: file.path, limit: file.limit })
    return stored.size === 0 ? [] : [modelFile(file.path, file.role, stored)]
  } catch (error) {
    if (faultOf(error).code === 'TOO_LARGE') return []
    throw error
  }
}

function store(
  { source, blocks, journal, signal }: GatherInit,
  progress: Progress,
  file: { path: string; what: string; limit: number; scan?: () => ReturnType<ModelInspector['scan']> },
): Promise<StoredFile> {
  const onBytes = progress.next()
  return storeFile({ ...file, source, blocks, journal, signal, onBytes })
}

const modelFile = (path: string, role: ModelFile['role'], { size, blocks }: StoredFile): ModelFile => ({
  path,
  role,
  size,
  blocks,
  cid: fileTree(size, blocks, BLOCK_SIZE).root,
})

const sizeIn = ({ files }: SourceListing, wanted: string) => files.find(({ path }) => path === wanted)?.size

const refused = (why: string) => fault({ code: 'MODEL_REFUSED', why })

/** Bytes of several files, one after another. */
class Progress {
  readonly #show: GatherInit['onBytes']
  readonly #total: number | undefined
  #before = 0
  #current = 0

  /** `sizes` of the files that are foreseen; undefined where the source does not say. */
  constructor(show: GatherInit['onBytes'], sizes: readonly (number | undefined)[]) {
    this.#show = show
    this.#total = sizes.reduce<number | undefined>(
      (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
      0,
    )
  }

  /** The next file's. */
  next(): (bytes: number) => void {
    this.#before += this.#current
    this.#current = 0
    return (bytes) => {
      this.#current = bytes
      const here = this.#before + bytes
      this.#show(here, this.#total === undefined ? undefined : Math.max(this.#total, here))
    }
  }
}
