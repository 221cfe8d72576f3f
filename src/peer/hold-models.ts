import * as v from 'valibot'
import { cidOf } from '../domain/charter.ts'
import { encodeManifest, fitsATab, readManifest } from '../domain/check-manifest.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { equalBytes, hashBytes, hex } from '../domain/hash.ts'
import { modelOfDigest } from '../domain/cids.ts'
import { BLOCK_SIZE, graphOf, MAX_MODEL, runFiles, sizeOf, type Manifest, type ModelId } from '../domain/manifest.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { LoadedModel } from '../ports/inference-engine.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { BlockExchange, Holder } from '../protocols/blocks/index.ts'
import { bringToRun, bringToStore, digestsOf, readFile } from './bring-model.ts'
import { fetchManifest } from './fetch-manifest.ts'
import type { KeptBlocks } from './keep-blocks.ts'
import { SharedWork } from './share-work.ts'
import type { ModelSummary, Opinion, Transfer } from './view.ts'

/** Models of others that are known at a time; one that nobody holds any more makes room, or the one learnt first. */
const MAX_KNOWN = 512

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

/** A model that comes with the app: what it is, known before its bytes are. Its file is one. */
export interface ShippedModel {
  readonly manifest: Manifest
  readonly fetch: (options: { signal?: AbortSignal }) => Promise<Uint8Array>
}

export interface ModelComponents {
  readonly self: PeerId
  readonly clock: Clock
  readonly verify: VerifySignature
  readonly blocks: KeptBlocks
  /** What is kept here, by model: a `KeptModel` each. */
  readonly records: RecordStore
  readonly exchange: BlockExchange
  readonly shipped: readonly ShippedModel[]
  /** The peers that say they hold models, by model. */
  readonly announced: () => ReadonlyMap<ModelId, readonly Holder[]>
  readonly opinions: (model: ModelId) => readonly Opinion[]
  readonly onChange: () => void
}

interface Entry {
  readonly manifest: Manifest
  readonly source: ModelSummary['source']
  readonly cached: boolean
  readonly pinned: boolean
  readonly transfer?: Transfer
  readonly fault?: Fault
  readonly fetch?: ShippedModel['fetch']
}

/** What is kept of a model beside its blocks, so that the next visit knows that it is here. */
const KeptModel = v.object({
  manifest: v.custom<Uint8Array>((value) => value instanceof Uint8Array),
  source: v.picklist(['shipped', 'mine', 'room']),
  pinned: v.boolean(),
})

/** The models that this peer knows: what they are, which of them are here, and the ways to bring the others. */
export class ModelShelf implements Pick<BlockStore, 'get'> {
  readonly #components: ModelComponents
  readonly #entries = new Map<ModelId, Entry>()
  readonly #toRun = new SharedWork<LoadedModel>()
  readonly #toKeep = new SharedWork<void>()
  /** Requesters who may hold a model that is being brought, and whoever follows its progress. */
  readonly #offering = new Map<ModelId, Set<Holder>>()
  readonly #following = new Map<ModelId, Set<(transfer: Transfer) => void>>()

  constructor(components: ModelComponents) {
    this.#components = components
    for (const { manifest, fetch } of components.shipped)
      this.#entries.set(cidOf(manifest), { manifest, source: 'shipped', cached: false, pinned: false, fetch })
  }

  /** Those that are here, that somebody holds, or that come with the app. */
  list(): readonly ModelSummary[] {
    const announced = this.#components.announced()
    return [...this.#entries]
      .map(([id, entry]) => this.#summary(id, entry, announced.get(id) ?? []))
      .filter(({ source, cached, transfer, holders }) => source !== 'room' || cached || transfer || holders.length > 0)
  }

  find(model: ModelId): ModelSummary | undefined {
    const entry = this.#entries.get(model)
    return entry && this.#summary(model, entry, this.#components.announced().get(model) ?? [])
  }

  /** A block of a file that is here, or of a manifest that is known, for whoever asks. */
  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const here = await this.#components.blocks.get(digest)
    if (here) return here
    const manifest = digest.length === 32 ? this.#entries.get(modelOfDigest(digest))?.manifest : undefined
    return manifest && encodeManifest(manifest)
  }

  has(model: ModelId): boolean {
    return this.#entries.has(model)
  }

  /** Whether another model would take the place of one that somebody holds. */
  isFull(): boolean {
    const known = this.#forgettable()
    if (known.length < MAX_KNOWN) return false
    const held = this.#components.announced()
    return known.every((id) => held.has(id))
  }

  /** Lists a model that the room has, once its manifest was read. */
  learn(model: ModelId, manifest: Manifest): void {
    if (this.#entries.has(model)) return
    this.#set(model, { manifest, source: 'room', cached: false, pinned: false })
    // Its files may be here already, as those of another model.
    void this.#recount(model)
  }

  /** Lists a model whose files are here: published by this key, and kept over reloads. */
  async adopt(manifest: Manifest): Promise<ModelSummary> {
    const id = cidOf(manifest)
    const source = manifest.publisher === this.#components.self ? 'mine' : 'room'
    this.#set(id, { ...this.#entries.get(id), manifest, source, cached: true, pinned: false })
    await this.#record(id, false)
    await this.#unpin(id)
    await this.#recount(id)
    return this.find(id) ?? unknown(id)
  }

  /** Lists what an earlier visit kept. What does not hold any more is forgotten. */
  async restore(): Promise<void> {
    const { records, verify, self } = this.#components
    const kept: ModelId[] = []
    for (const [id, record] of await records.all().catch(() => [])) {
      try {
        const { manifest: bytes, source, pinned } = v.parse(KeptModel, record)
        const manifest = await readManifest(id, bytes, verify)
        const shipped = this.#entries.get(id)
        const mine = source === 'mine' && manifest.publisher === self
        this.#set(id, {
          ...shipped,
          manifest,
          source: shipped?.source ?? (mine ? 'mine' : 'room'),
          cached: false,
          pinned,
        })
        kept.push(id)
        // What was being brought when the tab before this one ended was pinned, so that it would not push itself out.
        if (!pinned) await this.#unpin(id)
      } catch {
        await records.delete(id).catch(() => {})
      }
    }
    await this.#recount(...kept)
  }

  /** Fetches what comes with the app while the site that serves it is still there. What cannot be had now is fetched when it is asked for. */
  async keepShipped(): Promise<void> {
    for (const [id, { source, cached }] of this.#entries)
      if (source === 'shipped' && !cached) await this.provide(id, {}).catch(() => {})
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
    await this.#toKeep.join(model, signal, (stop) => this.#bringToStore(model, manifest, stop))
  }

  async pin(model: ModelId, pinned: boolean): Promise<void> {
    if (pinned) await this.keep(model)
    const entry = this.#entries.get(model) ?? unknown(model)
    this.#set(model, { ...entry, pinned })
    await this.#record(model, pinned)
    if (pinned) await this.#components.blocks.pin(this.#digests(model), true)
    else await this.#unpin(model)
    await this.#recount()
  }

  async remove(model: ModelId): Promise<void> {
    const entry = this.#entries.get(model) ?? unknown(model)
    const mine = this.#digests(model)
    const others = new Set(
      [...this.#entries.keys()]
        .filter((id) => id !== model && this.#entries.get(id)?.cached)
        .flatMap((id) => this.#digests(id).map(hex)),
    )
    await this.#components.records.delete(model).catch(() => {})
    await this.#components.blocks.delete(mine.filter((digest) => !others.has(hex(digest))))
    this.#set(model, {
      ...entry,
      source: entry.source === 'mine' ? 'room' : entry.source,
      cached: false,
      pinned: false,
    })
    await this.#recount()
  }

  async file(model: ModelId, path: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const manifest = await this.#manifest(model, signal)
    const file = manifest.files.find((each) => each.path === path)
    if (file === undefined) throw fault({ code: 'MALFORMED', what: 'path', why: `the model has no file ${path}` })
    const here = await readFile(this.#components.blocks, file, signal)
    if (here) return here
    await this.keep(model, signal ? { signal } : {})
    return (await readFile(this.#components.blocks, file, signal)) ?? unknown(model)
  }

  /** A model's manifest: known, kept by an earlier visit, or brought from whoever holds it. Rejects with `MODEL_UNKNOWN` or what about it does not hold. */
  async #manifest(model: ModelId, signal?: AbortSignal): Promise<Manifest> {
    const known = this.#entries.get(model)?.manifest
    if (known) return known
    const manifest = await fetchManifest(this.#components, model, () => this.#holders(model), signal)
    this.learn(model, manifest)
    return manifest
  }

  async #bringToRun(model: ModelId, manifest: Manifest, signal: AbortSignal): Promise<LoadedModel> {
    await this.#bringShipped(model, manifest, signal)
    try {
      const loaded = await bringToRun(this.#components, model, manifest, this.#options(model, signal))
      await this.#record(model)
      void this.#bringRest(model, manifest)
      return loaded
    } finally {
      await this.#brought(model)
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

  async #bringToStore(model: ModelId, manifest: Manifest, signal: AbortSignal): Promise<void> {
    this.#change(model, { transfer: { bytes: 0, total: sizeOf(manifest.files) } })
    try {
      await this.#record(model)
      await this.#bringShipped(model, manifest, signal)
      await bringToStore(this.#components, manifest, this.#options(model, signal))
    } catch (error) {
      const why = faultOf(error)
      if (why.code !== 'CANCELLED') this.#change(model, { fault: why })
      throw error
    } finally {
      await this.#unpin(model)
      await this.#brought(model)
    }
  }

  #options(model: ModelId, signal: AbortSignal) {
    return {
      signal,
      holders: () => this.#holders(model),
      onTransfer: (transfer: Transfer) => {
        this.#change(model, { transfer })
        for (const follow of this.#following.get(model) ?? []) follow(transfer)
      },
    }
  }

  /** The bytes that the app's own site serves, where they are the ones that the manifest names. */
  async #bringShipped(model: ModelId, manifest: Manifest, signal: AbortSignal): Promise<void> {
    const { blocks } = this.#components
    const { fetch } = this.#entries.get(model) ?? {}
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
    await this.#unpin(model)
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

  /** Whoever brings a model is done with it, one way or another. */
  async #brought(model: ModelId): Promise<void> {
    const entry = this.#entries.get(model)
    if (entry?.transfer) {
      const { transfer: _, ...rest } = entry
      this.#set(model, rest)
    }
    await this.#recount(model)
    // What was only passed on to an engine, or did not come whole, is no model that is kept.
    const { cached, pinned, source } = this.#entries.get(model) ?? {}
    if (source === 'room' && !cached && !pinned) await this.#components.records.delete(model).catch(() => {})
  }

  /** Sees which models are still whole. */
  recount(): Promise<void> {
    return this.#recount()
  }

  /** Sees which models are whole: what came may have taken the place of others. */
  async #recount(...changed: ModelId[]): Promise<void> {
    const whole = [...this.#entries].filter(([, entry]) => entry.cached).map(([id]) => id)
    for (const id of new Set([...whole, ...changed])) {
      const cached = (await this.#components.blocks.missing(this.#digests(id))).length === 0
      const entry = this.#entries.get(id)
      if (!entry || entry.cached === cached) continue
      this.#set(id, { ...entry, cached })
      if (!cached && entry.source === 'room' && !entry.pinned) await this.#components.records.delete(id).catch(() => {})
    }
    this.#components.onChange()
  }

  /** Lets a model's blocks go when their place is needed, but those that a pinned model shares with it. */
  async #unpin(model: ModelId): Promise<void> {
    await this.#readPins()
    const pinned = new Set(
      [...this.#entries].filter(([, entry]) => entry.pinned).flatMap(([id]) => this.#digests(id).map(hex)),
    )
    await this.#components.blocks
      .pin(
        this.#digests(model).filter((digest) => !pinned.has(hex(digest))),
        false,
      )
      .catch(() => {})
  }

  #digests(model: ModelId): readonly Uint8Array[] {
    const manifest = this.#entries.get(model)?.manifest
    return manifest ? digestsOf(manifest) : []
  }

  /** A pin is what was said of it last, here or in another tab of this browser. */
  async #record(model: ModelId, said?: boolean): Promise<void> {
    if (said === undefined) await this.#readPins()
    const entry = this.#entries.get(model)
    if (!entry) return
    const { manifest, source, pinned } = entry
    await this.#components.records
      .put(model, { manifest: encodeManifest(manifest), source, pinned } satisfies v.InferOutput<typeof KeptModel>)
      .catch(() => {})
  }

  /** Learns what other tabs have pinned, and let go, since. */
  async #readPins(): Promise<void> {
    for (const [id, record] of await this.#components.records.all().catch(() => [])) {
      const kept = v.safeParse(KeptModel, record)
      if (kept.success) this.#change(id, { pinned: kept.output.pinned })
    }
  }

  #change(model: ModelId, change: Partial<Entry>): void {
    const entry = this.#entries.get(model)
    if (entry) this.#set(model, { ...entry, ...change })
  }

  #set(model: ModelId, entry: Entry): void {
    this.#entries.set(model, entry)
    const known = this.#forgettable()
    if (known.length > MAX_KNOWN) {
      const held = this.#components.announced()
      const gone = known.find((id) => !held.has(id)) ?? known[0]
      if (gone !== undefined) this.#entries.delete(gone)
    }
    this.#components.onChange()
  }

  /** Known by their manifests alone, the one learnt first first. */
  #forgettable(): readonly ModelId[] {
    return [...this.#entries]
      .filter(([, { source, cached, pinned, transfer }]) => source === 'room' && !cached && !pinned && !transfer)
      .map(([id]) => id)
  }

  #summary(id: ModelId, entry: Entry, holders: readonly Holder[]): ModelSummary {
    const { manifest, source, cached, pinned, transfer, fault: failed } = entry
    return {
      id,
      manifest,
      publisher: nicknameOf(manifest.publisher),
      source,
      cached,
      inMemory: cached && this.#components.blocks.areInMemory(digestsOf(manifest)),
      pinned,
      ...(transfer ? { transfer } : {}),
      ...(failed ? { fault: failed } : {}),
      holders: holders.map(({ peer }) => peer),
      opinions: this.#components.opinions(id),
    }
  }
}

function unknown(model: ModelId): never {
  throw fault({ code: 'MODEL_UNKNOWN', model })
}
