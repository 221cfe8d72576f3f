import { cidOf } from '../domain/charter/charter.ts'
import { encodeManifest } from '../domain/check-manifest.ts'
import { cidOfDigest } from '../domain/cids.ts'
import { fault, type Fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { Siblings } from '../ports/siblings.ts'
import type { Holder } from '../protocols/blocks/index.ts'
import { digestsOf } from './bring-model.ts'
import { ModelCarrier, claimOf, type CarrierComponents, type ProvideModel } from './carry-models.ts'
import { ModelRecords } from './record-models.ts'
import type { ModelSummary, Opinion, Transfer } from './view.ts'

/** Models of others that are known at a time; one that nobody holds any more makes room, or the one learnt first. */
const MAX_KNOWN = 512

/** Milliseconds between two counts of what is here, where somebody misses something. */
const COUNT_AGAIN = 5_000

/** A model that comes with the app: what it is, known before its bytes are. Its file is one. */
export interface ShippedModel {
  readonly manifest: Manifest
  readonly fetch: (options: { signal?: AbortSignal }) => Promise<Uint8Array>
}

export interface ModelComponents extends CarrierComponents {
  /** What is kept here, by model. */
  readonly records: RecordStore
  readonly siblings?: Siblings
  readonly shipped: readonly ShippedModel[]
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

/** The models that this peer knows: what they are, which of them are here, and the ways to bring the others. */
export class ModelShelf implements Pick<BlockStore, 'get'> {
  readonly #components: ModelComponents
  readonly #records: ModelRecords
  readonly #carrier: ModelCarrier
  readonly #entries = new Map<ModelId, Entry>()
  #countedAt = 0

  constructor(components: ModelComponents) {
    this.#components = components
    this.#records = new ModelRecords(components.records, components.verify, components.blocks)
    this.#carrier = new ModelCarrier(components, {
      manifestOf: (model) => this.#entries.get(model)?.manifest,
      siteOf: (model) => this.#entries.get(model)?.fetch,
      learn: (model, manifest) => this.learn(model, manifest),
      note: (model, what) => this.#change(model, what),
      record: (model) => this.#record(model),
      unpin: (model) => this.#unpin(model),
      ended: (model) => this.#ended(model),
    })
    for (const { manifest, fetch } of components.shipped)
      this.#entries.set(cidOf(manifest), { manifest, source: 'shipped', cached: false, pinned: false, fetch })
  }

  /** Those that are here, that somebody holds, or that come with the app. */
  list(): readonly ModelSummary[] {
    const announced = this.#components.announced()
    return [...this.#entries]
      .map(([id, entry]) => this.#summary(id, entry, announced.get(id) ?? []))
      .filter(
        ({ source, cached, transfer, holders }) => source === 'shipped' || cached || transfer || holders.length > 0,
      )
  }

  find(model: ModelId): ModelSummary | undefined {
    const entry = this.#entries.get(model)
    return entry && this.#summary(model, entry, this.#components.announced().get(model) ?? [])
  }

  /** A block of a file that is here, or of a manifest that is known, for whoever asks. */
  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    const here = await this.#components.blocks.get(digest)
    if (here) return here
    const manifest = digest.length === 32 ? this.#entries.get(cidOfDigest(digest))?.manifest : undefined
    if (manifest) return encodeManifest(manifest)
    this.#missed()
    return undefined
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
    const source = manifest.publisher === this.#components.self ? 'mine' : 'room'
    this.#set(model, { manifest, source, cached: false, pinned: false })
    // Its files may be here already, as those of another model.
    void this.recount(model)
  }

  /** Lists a model whose files are here: published by this key, and kept over reloads. */
  async adopt(manifest: Manifest): Promise<ModelSummary> {
    const id = cidOf(manifest)
    const source = manifest.publisher === this.#components.self ? 'mine' : 'room'
    this.#set(id, { ...this.#entries.get(id), manifest, source, cached: true, pinned: false })
    await this.#records.put({ id, manifest, source }, false)
    await this.#unpin(id)
    await this.recount(id)
    this.#components.siblings?.tell()
    return this.find(id) ?? unknown(id)
  }

  /** Lists what an earlier visit kept. What does not hold any more is forgotten. */
  async restore(): Promise<void> {
    const kept = await this.#records.restore()
    for (const { id, manifest, source, pinned } of kept) {
      const shipped = this.#entries.get(id)
      const own = source === 'mine' && manifest.publisher === this.#components.self ? 'mine' : 'room'
      this.#set(id, { ...shipped, manifest, source: shipped?.source ?? own, cached: false, pinned })
      // What was being brought when the tab before this one ended was pinned, so that it would not push itself out.
      if (!pinned) await this.#unlessBrought(id, () => this.#unpin(id))
    }
    await this.recount(...kept.map(({ id }) => id))
    // What was here in part in memory alone went with its tab.
    for (const { id, source } of kept) if (source === 'mine' && !this.#entries.get(id)?.cached) await this.#forget(id)
  }

  /** Takes in what another tab of this browser has kept, pinned or removed. */
  async refresh(): Promise<void> {
    const kept = new Map((await this.#records.restore()).map((model) => [model.id, model]))
    for (const [id, entry] of this.#entries) this.#set(id, { ...entry, pinned: kept.get(id)?.pinned ?? false })
    for (const { id, manifest } of kept.values()) this.learn(id, manifest)
    await this.recount(...kept.keys())
  }

  /** Fetches what comes with the app while the site that serves it is still there. What cannot be had now is fetched when it is asked for. */
  async keepShipped(): Promise<void> {
    for (const [id, { source, cached }] of this.#entries)
      if (source === 'shipped' && !cached) await this.provide(id, {}).catch(() => {})
  }

  readonly provide: ProvideModel = (model, options) => this.#carrier.provide(model, options)

  /** Brings all files into the storage. Rejects with `MODEL_UNKNOWN`, `BLOCK_MISSING` or `STORAGE_FULL`. */
  keep(model: ModelId, options: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#carrier.keep(model, options)
  }

  /** One of its files, whole. Rejects as `keep`, and with `MALFORMED` where it has none of that path. */
  file(model: ModelId, path: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    return this.#carrier.file(model, path, options)
  }

  async pin(model: ModelId, pinned: boolean): Promise<void> {
    if (pinned) await this.keep(model)
    const entry = this.#entries.get(model) ?? unknown(model)
    this.#set(model, { ...entry, pinned })
    await this.#records.put({ id: model, ...entry }, pinned)
    if (pinned) await this.#components.blocks.pin(this.#digests(model), true)
    else await this.#unpin(model)
    await this.recount()
    this.#components.siblings?.tell()
  }

  async remove(model: ModelId): Promise<void> {
    const entry = this.#entries.get(model) ?? unknown(model)
    const mine = this.#digests(model)
    const others = new Set(
      [...this.#entries.keys()]
        .filter((id) => id !== model && this.#entries.get(id)?.cached)
        .flatMap((id) => this.#digests(id).map(hex)),
    )
    await this.#records.delete(model)
    await this.#components.blocks.delete(mine.filter((digest) => !others.has(hex(digest))))
    this.#set(model, { ...entry, cached: false, pinned: false })
    await this.recount()
    this.#components.siblings?.tell()
  }

  /** Whoever brought a model is done with it, one way or another. */
  async #ended(model: ModelId): Promise<void> {
    const before = this.#entries.get(model)
    if (before?.transfer) {
      const { transfer: _, ...rest } = before
      this.#set(model, rest)
    }
    await this.recount(model)
    // What was only passed on to an engine, or did not come whole, is no model that is kept.
    const { cached, pinned, source } = this.#entries.get(model) ?? {}
    if (source === 'room' && !cached && !pinned) await this.#records.delete(model)
    // A model that was here and went to an engine is no news.
    if (cached !== before?.cached) this.#components.siblings?.tell()
  }

  /** Sees which models are whole: what came may have taken the place of others. */
  async recount(...changed: ModelId[]): Promise<void> {
    const whole = [...this.#entries].filter(([, entry]) => entry.cached).map(([id]) => id)
    for (const id of new Set([...whole, ...changed])) {
      const cached = (await this.#components.blocks.missing(this.#digests(id))).length === 0
      const entry = this.#entries.get(id)
      if (!entry || entry.cached === cached) continue
      this.#set(id, { ...entry, cached })
      if (!cached && entry.source === 'room' && !entry.pinned) await this.#records.delete(id)
    }
    this.#components.onChange()
  }

  /** Lets a model's blocks go when their place is needed, and learns what other tabs have pinned since. */
  async #unpin(model: ModelId): Promise<void> {
    // A part of it lives as long as this tab: the other part would be of no use without it, nor the other way round.
    if (this.#components.blocks.areInMemory(this.#digests(model))) return
    const pinned = await this.#records.unpin(this.#digests(model))
    for (const [id, entry] of this.#entries)
      if (entry.pinned !== pinned.has(id)) this.#set(id, { ...entry, pinned: pinned.has(id) })
  }

  /** Forgets a model whose files are not all here, and lets go of those that are. */
  async #forget(model: ModelId): Promise<void> {
    await this.#records.delete(model)
    await this.#unpin(model)
  }

  /** Does something unless another tab of this browser is bringing the model. */
  async #unlessBrought(model: ModelId, task: () => Promise<void>): Promise<void> {
    const { claim } = this.#components
    const release = await claim?.(claimOf(model))
    if (claim && !release) return
    await task()
    await release?.()
  }

  /** Somebody asked for a block that is not here: of a model that counts as whole, it may have gone by another tab's doing. */
  #missed(): void {
    const now = this.#components.clock.now()
    if (now - this.#countedAt < COUNT_AGAIN) return
    this.#countedAt = now
    void this.recount()
  }

  #digests(model: ModelId): readonly Uint8Array[] {
    const manifest = this.#entries.get(model)?.manifest
    return manifest ? digestsOf(manifest) : []
  }

  async #record(model: ModelId): Promise<void> {
    const entry = this.#entries.get(model)
    if (entry) await this.#records.put({ id: model, ...entry })
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
