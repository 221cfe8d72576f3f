import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { cidOf } from '../domain/charter.ts'
import { fault } from '../domain/fault.ts'
import { equalBytes, hashBytes, hex } from '../domain/hash.ts'
import { BLOCK_SIZE, ManifestSchema, type Manifest, type ModelId } from '../domain/manifest.ts'
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
export type ProvideModel = (
  model: ModelId,
  options: { from?: Holder; signal?: AbortSignal; onProgress?: (fraction: number) => void },
) => Promise<LoadedModel>

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
  readonly #providing = new Map<ModelId, Promise<LoadedModel>>()

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

  /** Two jobs on one model wait for one fetch: it goes on as long as anybody waits. */
  readonly provide: ProvideModel = async (model, options) => {
    const under = this.#providing.get(model)
    if (under !== undefined) {
      try {
        return await under
      } catch {
        options.signal?.throwIfAborted()
      }
    }
    const fresh = this.#provide(model, options)
    this.#providing.set(model, fresh)
    try {
      return await fresh
    } finally {
      if (this.#providing.get(model) === fresh) this.#providing.delete(model)
    }
  }

  async #provide(model: ModelId, options: Parameters<ProvideModel>[1]): Promise<LoadedModel> {
    const { from, signal } = options
    const holders = from === undefined || from.peer === this.#components.net.self ? [] : [from]
    const manifest = this.#entries.get(model)?.manifest ?? (await this.#fetchManifest(model, holders, signal))
    const bytes =
      (await this.#stored(manifest)) ??
      (await this.#shippedBytes(model, manifest, signal)) ??
      (await this.#fetchBytes(manifest, holders, options))
    const source = this.#entries.get(model)?.source ?? 'peer'
    this.#list({ ...this.#entries.get(model), manifest, source, cached: true })
    return { id: model, manifest, bytes }
  }

  async #fetchManifest(model: ModelId, holders: readonly Holder[], signal?: AbortSignal): Promise<Manifest> {
    const digest = digestOfModel(model)
    let bytes = await this.get(digest)
    if (bytes === undefined) {
      if (holders.length === 0) throw fault({ code: 'MODEL_UNKNOWN', model })
      const keep = async (_: Uint8Array, block: Uint8Array) => {
        bytes = block
        await this.#store(digest, block)
      }
      await fetchBlocks(this.#components, { holders, digests: [digest], onBlock: keep, ...(signal ? { signal } : {}) })
    }
    const manifest = parse(ManifestSchema, decodeCbor(bytes ?? new Uint8Array(), 'manifest'), 'manifest')
    // One model has one name: the same digest under another codec or base would load it again and again.
    if (cidOf(manifest) === model) return manifest
    throw fault({ code: 'MALFORMED', what: 'manifest', why: 'it is not what the model id names' })
  }

  async #stored({ file }: Manifest): Promise<Uint8Array | undefined> {
    const bytes = new Uint8Array(file.size)
    for (const [i, digest] of file.blocks.entries()) {
      const block = await this.get(digest)
      if (block === undefined || block.length !== blockLength(file.size, i)) return undefined
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
    options: Parameters<ProvideModel>[1],
  ): Promise<Uint8Array> {
    const { signal, onProgress } = options
    const bytes = new Uint8Array(file.size)
    let at = 0
    onProgress?.(0)
    await fetchBlocks(this.#components, {
      holders,
      digests: file.blocks,
      onBlock: async (digest, block) => {
        if (block.length !== blockLength(file.size, at / BLOCK_SIZE))
          throw fault({ code: 'MALFORMED', what: 'block', why: 'it is not as long as the manifest says' })
        bytes.set(block, at)
        at += BLOCK_SIZE
        onProgress?.(Math.min(1, at / file.size))
        await this.#store(digest, block)
      },
      ...(signal ? { signal } : {}),
    })
    return bytes
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
