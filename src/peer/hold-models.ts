import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { cidOf } from '../domain/charter.ts'
import { fault, faultOf } from '../domain/fault.ts'
import { equalBytes, hashBytes, hex } from '../domain/hash.ts'
import { BLOCK_SIZE, ManifestSchema, MAX_MODEL, type Manifest, type ModelId } from '../domain/manifest.ts'
import { decodeCbor, parse } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { LoadedModel } from '../ports/inference-engine.ts'
import type { Net } from '../ports/net.ts'
import { fetchBlocks } from '../protocols/blocks/index.ts'
import type { ModelSummary } from './view.ts'

/** Models of others that are listed at a time; the one unused longest makes room. */
const MAX_FETCHED = 32

export interface Holder {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

/** Brings a model's checked bytes from wherever they are: memory, this browser's storage, the site that serves the app, or a holder. */
export type ProvideModel = (model: ModelId, options: ProvideOptions) => Promise<LoadedModel>

export interface ProvideOptions {
  readonly from?: Holder
  readonly signal?: AbortSignal
  /** Bytes that the model's file may have; without a limit of its own, any that a model may have. */
  readonly limit?: number
  readonly onProgress?: (fraction: number) => void
}

/** A model that comes with the app: what it is, known before its bytes are. */
export interface ShippedModel {
  readonly manifest: Manifest
  readonly fetch: (options: { signal?: AbortSignal }) => Promise<Uint8Array>
}

export interface ModelComponents {
  readonly net: Pick<Net, 'open' | 'self'>
  readonly clock: Clock
  readonly blocks: BlockStore
  readonly shipped: readonly ShippedModel[]
  readonly onChange: () => void
}

type Entry = ModelSummary & { readonly fetch?: ShippedModel['fetch'] }

/** The models this peer knows, and the blocks of those it holds. */
export class ModelShelf implements Pick<BlockStore, 'get'> {
  readonly #components: ModelComponents
  readonly #entries = new Map<ModelId, Entry>()
  /** Files opened on this device, by the digest of each block: they are served from memory for as long as the tab lives. */
  readonly #opened = new Map<string, Uint8Array>()
  /** What is being brought, by the model and where it comes from. */
  readonly #bringing = new Map<string, Promise<LoadedModel | undefined>>()

  constructor(components: ModelComponents) {
    this.#components = components
    for (const { manifest, fetch } of components.shipped)
      this.#list({ manifest, source: 'shipped', cached: false, fetch })
  }

  list(): readonly ModelSummary[] {
    return [...this.#entries.values()]
  }

  find(model: ModelId): ModelSummary | undefined {
    return this.#entries.get(model)
  }

  /** Bytes of the files that are here. */
  get bytes(): number {
    return this.list().reduce((sum, { cached, manifest }) => sum + (cached ? manifest.file.size : 0), 0)
  }

  /** Bytes of a block that this peer holds, for whoever asks. */
  async get(digest: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#opened.get(hex(digest)) ?? this.#components.blocks.get(digest)
  }

  /** Lists a file of this device, and serves it. The caller described it from these very bytes. */
  open(manifest: Manifest, bytes: Uint8Array): ModelSummary {
    manifest.file.blocks.forEach((digest, i) =>
      this.#opened.set(hex(digest), bytes.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE)),
    )
    this.#opened.set(hex(digestOfModel(cidOf(manifest))), encode(manifest))
    return this.#list({ manifest, source: 'file', cached: true })
  }

  /** Fetches what comes with the app while the site that serves it is still there. What cannot be had now is fetched when it is asked for. */
  async keepShipped(): Promise<void> {
    for (const { id, source, cached } of this.list())
      if (source === 'shipped' && !cached) await this.provide(id, {}).catch(() => {})
  }

  readonly provide: ProvideModel = async (model, options) => {
    const { from, signal, limit = MAX_MODEL } = options
    const manifest = this.#entries.get(model)?.manifest ?? (await this.#storedManifest(model))
    if (manifest !== undefined) {
      fit(manifest, limit)
      const here = await this.#shared(model, signal, () => this.#fromHere(model, manifest, signal))
      if (here !== undefined) return here
    }
    if (from === undefined || from.peer === this.#components.net.self) throw fault({ code: 'MODEL_UNKNOWN', model })
    return this.#shared(`${model} ${from.peer}`, signal, () => this.#fromHolder(model, from, options))
  }

  /**
   * Jobs that want one model from one place wait for one fetch. Where it was given up by the one whose it was, one of those
   * who wait goes on. Nobody waits for somebody else's holder, who may send as slowly as it likes.
   */
  async #shared<T extends LoadedModel | undefined>(
    key: string,
    signal: AbortSignal | undefined,
    bring: () => Promise<T>,
  ): Promise<T> {
    const bringing = this.#bringing as Map<string, Promise<T>>
    for (let under = bringing.get(key); under !== undefined; under = bringing.get(key)) {
      try {
        return await unlessAborted(under, signal)
      } catch (error) {
        signal?.throwIfAborted()
        if (faultOf(error).code !== 'CANCELLED') throw error
      }
    }
    const fresh = bring()
    bringing.set(key, fresh)
    try {
      return await fresh
    } finally {
      bringing.delete(key)
    }
  }

  /** From memory, this browser's storage, or the site that serves the app; undefined where it is in none of them. */
  async #fromHere(model: ModelId, manifest: Manifest, signal?: AbortSignal): Promise<LoadedModel | undefined> {
    const bytes = (await this.#stored(manifest)) ?? (await this.#shippedBytes(model, manifest, signal))
    return bytes && this.#loaded(model, manifest, bytes)
  }

  async #fromHolder(model: ModelId, holder: Holder, options: ProvideOptions): Promise<LoadedModel> {
    const { signal, limit = MAX_MODEL } = options
    const manifest = this.#entries.get(model)?.manifest ?? (await this.#fetchManifest(model, [holder], signal))
    fit(manifest, limit)
    return this.#loaded(model, manifest, await this.#fetchBytes(manifest, [holder], options))
  }

  #loaded(model: ModelId, manifest: Manifest, bytes: Uint8Array): LoadedModel {
    const known = this.#entries.get(model)
    this.#list({ ...known, manifest, source: known?.source ?? 'peer', cached: true })
    return { id: model, manifest, bytes }
  }

  async #storedManifest(model: ModelId): Promise<Manifest | undefined> {
    const bytes = await this.get(digestOfModel(model))
    return bytes && readManifest(model, bytes)
  }

  async #fetchManifest(model: ModelId, holders: readonly Holder[], signal?: AbortSignal): Promise<Manifest> {
    let bytes = new Uint8Array()
    const keep = async (digest: Uint8Array, block: Uint8Array) => {
      bytes = block.slice()
      await this.#store(digest, block)
    }
    const digests = [digestOfModel(model)]
    await fetchBlocks(this.#components, { holders, digests, onBlock: keep, ...(signal ? { signal } : {}) })
    return readManifest(model, bytes)
  }

  async #stored({ file }: Manifest): Promise<Uint8Array | undefined> {
    let bytes: Uint8Array | undefined
    for (const [i, digest] of file.blocks.entries()) {
      const block = await this.get(digest)
      if (block === undefined || block.length !== blockLength(file.size, i)) return undefined
      bytes ??= new Uint8Array(file.size)
      bytes.set(block, i * BLOCK_SIZE)
    }
    return bytes
  }

  /** The bytes that the app's own site serves, where they are the ones that the manifest names. */
  async #shippedBytes(model: ModelId, manifest: Manifest, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await this.#entries
      .get(model)
      ?.fetch?.(signal ? { signal } : {})
      .catch(() => undefined)
    signal?.throwIfAborted()
    if (bytes?.length !== manifest.file.size) return undefined
    for (const [i, digest] of manifest.file.blocks.entries()) {
      const block = bytes.subarray(i * BLOCK_SIZE, (i + 1) * BLOCK_SIZE)
      if (!equalBytes(hashBytes(block), digest)) return undefined
      await this.#store(digest, block)
    }
    return bytes
  }

  async #fetchBytes(
    { file }: Manifest,
    holders: readonly Holder[],
    { signal, onProgress }: ProvideOptions,
  ): Promise<Uint8Array> {
    // Only what came takes memory: a manifest can name any size.
    let bytes: Uint8Array | undefined
    let at = 0
    onProgress?.(0)
    await fetchBlocks(this.#components, {
      holders,
      digests: file.blocks,
      onBlock: async (digest, block) => {
        if (block.length !== blockLength(file.size, at / BLOCK_SIZE))
          throw fault({ code: 'MALFORMED', what: 'block', why: 'it is not as long as the manifest says' })
        bytes ??= new Uint8Array(file.size)
        bytes.set(block, at)
        at += BLOCK_SIZE
        onProgress?.(Math.min(1, at / file.size))
        await this.#store(digest, block)
      },
      ...(signal ? { signal } : {}),
    })
    return bytes ?? new Uint8Array()
  }

  /** A store without room is no reason to fail: the model then runs from memory. */
  async #store(digest: Uint8Array, block: Uint8Array): Promise<void> {
    await this.#components.blocks.put(digest, block).catch(() => {})
  }

  #list(entry: Omit<Entry, 'id'>): ModelSummary {
    const id = cidOf(entry.manifest)
    // Those of others move to the end with each use; ours keep their places.
    if (entry.source === 'peer') this.#entries.delete(id)
    this.#entries.set(id, { ...entry, id })
    const fetched = [...this.#entries.values()].filter((other) => other.source === 'peer')
    if (fetched.length > MAX_FETCHED && fetched[0]) this.#entries.delete(fetched[0].id)
    this.#components.onChange()
    return { ...entry, id }
  }
}

function readManifest(model: ModelId, bytes: Uint8Array): Manifest {
  const manifest = parse(ManifestSchema, decodeCbor(bytes, 'manifest'), 'manifest')
  // One model has one name: the same digest under another codec or base would load it again and again.
  if (cidOf(manifest) === model) return manifest
  throw fault({ code: 'MALFORMED', what: 'manifest', why: 'it is not what the model id names' })
}

function fit({ file }: Manifest, limit: number): void {
  if (file.size > limit) throw fault({ code: 'TOO_LARGE', what: 'model', bytes: file.size, limit })
}

/** Waits for what somebody else began, and no longer than one's own job goes on. */
function unlessAborted<T>(task: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return task
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = () => reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  return Promise.race([task, promise]).finally(() => signal.removeEventListener('abort', leave))
}

/** The digest inside a model's CID: of its manifest's bytes. Throws `MALFORMED`. */
function digestOfModel(model: ModelId): Uint8Array {
  try {
    const { digest } = CID.parse(model).multihash
    if (digest.length === 32) return digest
  } catch {
    // Not a CID.
  }
  throw fault({ code: 'MALFORMED', what: 'model id', why: 'it is not a CID of 32 bytes' })
}

const blockLength = (size: number, index: number): number => Math.min(BLOCK_SIZE, size - index * BLOCK_SIZE)
