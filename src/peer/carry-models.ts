import { fitsATab } from '../domain/check-manifest.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { equalBytes, hashBytes } from '../domain/hash.ts'
import {
  BLOCK_SIZE,
  graphOf,
  MAX_MODEL,
  runFiles,
  sizeOf,
  type Manifest,
  type ModelFile,
  type ModelId,
} from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Claim } from '../ports/claim.ts'
import type { Clock } from '../ports/clock.ts'
import type { LoadedModel } from '../ports/inference-engine.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { BlockExchange, Holder } from '../protocols/blocks/index.ts'
import { bringToRun, bringToStore, digestsOf, readFile } from './bring-model.ts'
import { fetchManifest } from './fetch-manifest.ts'
import type { KeptBlocks } from './keep-blocks.ts'
import { SharedWork } from './share-work.ts'
import type { Transfer } from './view.ts'

/** Bytes of tokenizers, settings and the like that are brought along with what a model needs to run. */
const MAX_REST = 32 << 20

/** Brings a model's checked bytes from wherever they are: this browser's storage, the site that serves the app, or the room. */
export type ProvideModel = (model: ModelId, options: ProvideOptions) => Promise<LoadedModel>

export interface ProvideOptions {
  /** Who may hold it beside those who say so to the room: the requester of a job. */
  readonly from?: Holder
  readonly signal?: AbortSignal
  /** Bytes that the model's files may have; without a limit of its own, any that a tab runs. */
  readonly limit?: number
  readonly onProgress?: (fraction: number) => void
}

/** What the shelf knows of the models that are carried here, and is told of them. */
export interface Shelf {
  manifestOf(model: ModelId): Manifest | undefined
  /** Reads the files of a model that comes with the app from the site that serves it. */
  siteOf(model: ModelId): ((options: { signal?: AbortSignal }) => Promise<Uint8Array>) | undefined
  learn(model: ModelId, manifest: Manifest): void
  /** How far it has come, or why it did not. */
  note(model: ModelId, what: { readonly transfer: Transfer } | { readonly fault: Fault }): void
  /** Makes it known to the next visit. */
  record(model: ModelId): Promise<void>
  unpin(model: ModelId): Promise<void>
  /** Whoever brought it is done, one way or another. */
  ended(model: ModelId): Promise<void>
}

export interface CarrierComponents {
  readonly self: PeerId
  readonly clock: Clock
  readonly verify: VerifySignature
  readonly blocks: KeptBlocks
  readonly exchange: BlockExchange
  /** Keeps what is being brought from being let go by other tabs. Without it there is but this one. */
  readonly claim?: Claim
  /** The peers that say they hold models, by model. */
  readonly announced: () => ReadonlyMap<ModelId, readonly Holder[]>
}

/** What is claimed while a model is brought, among the tabs of a browser. */
export const claimOf = (model: ModelId): string => `bring ${model}`

/** Brings models here: to an engine, or to stay. */
export class ModelCarrier {
  readonly #components: CarrierComponents
  readonly #shelf: Shelf
  readonly #toRun = new SharedWork<LoadedModel>()
  readonly #toKeep = new SharedWork<void>()
  /** Requesters who may hold a model that is being brought, and whoever follows its progress. */
  readonly #offering = new Map<ModelId, Set<Holder>>()
  readonly #following = new Map<ModelId, Set<(transfer: Transfer) => void>>()

  constructor(components: CarrierComponents, shelf: Shelf) {
    this.#components = components
    this.#shelf = shelf
  }

  readonly provide: ProvideModel = async (model, options) => {
    const { from, signal, limit = MAX_MODEL, onProgress } = options
    const end = this.#follow(model, from, ({ bytes, total }) => onProgress?.(total ? Math.min(1, bytes / total) : 0))
    try {
      const manifest = await this.#manifest(model, signal)
      fitsATab(manifest, limit)
      // What is said of progress is a sign of life: another job may be bringing it already.
      onProgress?.(0)
      return await this.#toRun.join(model, signal, (stop) => this.#bringToRun(model, manifest, stop))
    } finally {
      end()
    }
  }

  /** Brings all files into the storage. Rejects with `MODEL_UNKNOWN`, `BLOCK_MISSING` or `STORAGE_FULL`. */
  async keep(model: ModelId, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const manifest = await this.#manifest(model, signal)
    await this.#toKeep.join(model, signal, (stop) => this.#bringToStore(model, manifest, manifest.files, stop))
  }

  async file(model: ModelId, path: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const manifest = await this.#manifest(model, signal)
    const file = manifest.files.find((each) => each.path === path)
    if (file === undefined) throw fault({ code: 'MALFORMED', what: 'path', why: `the model has no file ${path}` })
    const here = await readFile(this.#components.blocks, file, signal)
    if (here) return here
    await this.#toKeep.join(`${model} ${path}`, signal, (stop) => this.#bringToStore(model, manifest, [file], stop))
    return (await readFile(this.#components.blocks, file, signal)) ?? missing(model)
  }

  /** A model's manifest: known, kept by an earlier visit, or brought from whoever holds it. Rejects with `MODEL_UNKNOWN` or what about it does not hold. */
  async #manifest(model: ModelId, signal?: AbortSignal): Promise<Manifest> {
    const known = this.#shelf.manifestOf(model)
    if (known) return known
    const manifest = await fetchManifest(this.#components, model, () => this.#holders(model), signal)
    this.#shelf.learn(model, manifest)
    return manifest
  }

  async #bringToRun(model: ModelId, manifest: Manifest, signal: AbortSignal): Promise<LoadedModel> {
    await this.#bringShipped(model, manifest, signal)
    try {
      const loaded = await bringToRun(this.#components, model, manifest, this.#options(model, signal))
      await this.#shelf.record(model)
      void this.#bringRest(model, manifest)
      return loaded
    } finally {
      await this.#shelf.ended(model)
    }
  }

  /** Whoever has brought what it takes to run a model brings its small files too, and is a holder from then on. */
  async #bringRest(model: ModelId, manifest: Manifest): Promise<void> {
    const run = runFiles(manifest)
    const rest = manifest.files.filter((file) => !run.includes(file))
    if (rest.length === 0 || sizeOf(rest) > MAX_REST) return
    const missing = await this.#components.blocks.missing(digestsOf({ files: run }))
    if (missing.length === 0) await this.keep(model).catch(() => {})
  }

  async #bringToStore(
    model: ModelId,
    manifest: Manifest,
    files: readonly ModelFile[],
    signal: AbortSignal,
  ): Promise<void> {
    this.#shelf.note(model, { transfer: { bytes: 0, total: sizeOf(files) } })
    const release = await this.#components.claim?.(claimOf(model))
    try {
      await this.#shelf.record(model)
      await this.#bringShipped(model, manifest, signal)
      await bringToStore(this.#components, files, this.#options(model, signal))
    } catch (error) {
      const why = faultOf(error)
      if (why.code !== 'CANCELLED') this.#shelf.note(model, { fault: why })
      throw error
    } finally {
      await this.#shelf.unpin(model)
      await release?.()
      await this.#shelf.ended(model)
    }
  }

  #options(model: ModelId, signal: AbortSignal) {
    return {
      signal,
      holders: () => this.#holders(model),
      onTransfer: (transfer: Transfer) => {
        this.#shelf.note(model, { transfer })
        for (const follow of this.#following.get(model) ?? []) follow(transfer)
      },
    }
  }

  /** The bytes that the app's own site serves, where they are the ones that the manifest names. */
  async #bringShipped(model: ModelId, manifest: Manifest, signal: AbortSignal): Promise<void> {
    const { blocks } = this.#components
    const fetch = this.#shelf.siteOf(model)
    if (fetch === undefined || (await blocks.missing(digestsOf(manifest))).length === 0) return
    const { size, blocks: digests } = graphOf(manifest)
    const bytes = await fetch({ signal }).catch(() => undefined)
    signal.throwIfAborted()
    if (bytes?.length !== size) return
    for (const [i, digest] of digests.entries()) {
      const block = bytes.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE)
      if (!equalBytes(hashBytes(block), digest)) return
      // Into memory where the storage has no room: what comes with the app always runs.
      await blocks.put(digest, block, { pinned: true }).catch(() => {})
    }
    await this.#shelf.unpin(model)
  }

  /** Adds a holder and a listener to whatever brings this model. */
  #follow(model: ModelId, from: Holder | undefined, follow: (transfer: Transfer) => void): () => void {
    const offering = this.#offering.get(model) ?? new Set()
    const following = this.#following.get(model) ?? new Set()
    this.#offering.set(model, offering)
    this.#following.set(model, following)
    if (from) offering.add(from)
    following.add(follow)
    return () => {
      if (from) offering.delete(from)
      following.delete(follow)
      if (offering.size === 0) this.#offering.delete(model)
      if (following.size === 0) this.#following.delete(model)
    }
  }

  #holders(model: ModelId): readonly Holder[] {
    const all = [...(this.#offering.get(model) ?? []), ...(this.#components.announced().get(model) ?? [])]
    const others = new Map(all.map((holder) => [holder.peer, holder]))
    others.delete(this.#components.self)
    return [...others.values()]
  }
}

function missing(model: ModelId): never {
  throw fault({ code: 'MODEL_UNKNOWN', model })
}
