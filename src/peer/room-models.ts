import { fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Claim } from '../ports/claim.ts'
import type { Clock } from '../ports/clock.ts'
import type { ModelInspector } from '../ports/model-inspector.ts'
import type { ModelOrigin, OpenSource } from '../ports/model-source.ts'
import type { Net } from '../ports/net.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { Siblings } from '../ports/siblings.ts'
import type { Signer, VerifySignature } from '../ports/signer.ts'
import { blockExchange, serveBlocks, type BlockServer, type Holder } from '../protocols/blocks/index.ts'
import type { Presence } from '../protocols/presence/index.ts'
import { ModelShelf, type ShippedModel } from './hold-models.ts'
import type { Imports } from './import-model.ts'
import type { ModelJudge } from './judge-models.ts'
import { KeptBlocks } from './keep-blocks.ts'
import { ModelScout } from './know-models.ts'
import { LateImport } from './late-import.ts'
import type { DeviceView, Import, Models, ModelSummary, Opinion, UnfinishedImport } from './view.ts'

/** Milliseconds for which a count of who holds what serves: a person who blocks somebody waits no longer. */
const HEARD_FOR = 100

/** Models that are announced: what a presence holds. */
const MAX_ANNOUNCED = 64

/** What imports need beside the peer. Brought when the first begins: most tabs never import anything. */
export interface ImportTools {
  readonly openSource: OpenSource
  readonly inspector: ModelInspector
  /** Keeps an import to one tab of this browser. */
  readonly claim?: Claim
}

/** `hasGpu` is asked anew for each calibration. */
export type OpenImportTools = (device: { readonly hasGpu: () => boolean }) => Promise<ImportTools>

export interface StorageRoom {
  room(): Promise<DeviceView['storage']>
  persist(): Promise<boolean>
}

export interface RoomModelsComponents {
  readonly net: Net
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly blocks: BlockStore
  readonly records: { readonly models: RecordStore; readonly imports: RecordStore }
  readonly shipped: readonly ShippedModel[]
  readonly importTools: OpenImportTools
  /** Whether this device's owner gives its gpu, and it computes right. */
  readonly hasGpu: () => boolean
  readonly presence: Pick<Presence, 'list' | 'on'>
  readonly judge: Pick<ModelJudge, 'of' | 'judge'>
  readonly isBlocked: (peer: PeerId) => boolean
  /** Bytes per second that others may have, 0 for no limit. */
  readonly uploadLimit: () => number
  /** Keeps what is brought or imported to one tab. Without it there is but this one, as without siblings. */
  readonly claim?: Claim
  readonly siblings?: Siblings
  /** What the browser says of its storage, and the way to ask that it keeps it. */
  readonly storage?: StorageRoom
  readonly onChange: () => void
}

/** All that a peer does with models: knows them, holds them, brings them, passes them on, says what it thinks of them. */
export class RoomModels implements Models {
  readonly shelf: ModelShelf
  readonly #components: RoomModelsComponents
  readonly #blocks: KeptBlocks
  readonly #scout: ModelScout
  #heard: { readonly at: number; readonly all: ReadonlyMap<ModelId, readonly Holder[]> } | undefined
  #server: BlockServer | undefined
  #imports: Imports | undefined
  #importing: Promise<Imports> | undefined
  #begun = 0
  #stored: Pick<DeviceView, 'cachedBytes' | 'storage'> = { cachedBytes: 0 }

  constructor(components: RoomModelsComponents) {
    const { net, signer, verify, clock, shipped, records, judge, onChange } = components
    const exchange = blockExchange({ net, clock })
    const announced = () => this.#announced()
    this.#components = components
    this.#blocks = new KeptBlocks(components.blocks)
    this.shelf = new ModelShelf({
      self: signer.peer,
      clock,
      verify,
      blocks: this.#blocks,
      records: records.models,
      exchange,
      shipped,
      announced,
      opinions: (model) => judge.of(model),
      ...(components.claim ? { claim: components.claim } : {}),
      ...(components.siblings ? { siblings: components.siblings } : {}),
      onChange,
    })
    this.#scout = new ModelScout({ clock, verify, exchange, shelf: this.shelf, announced })
  }

  /** Serves what is here, and learns what others have. Returns the way to stop. */
  start(): () => void {
    const { net, clock, uploadLimit, presence } = this.#components
    this.#server = serveBlocks({ net, clock, blocks: this.shelf, limit: uploadLimit })
    const stops = [
      presence.on('presence', () => {
        this.#heard = undefined
        this.#scout.look()
      }),
      presence.on('gone', () => (this.#heard = undefined)),
      // With somebody to compute for; a tab that is alone fetches for its own asks.
      net.on('link', () => void this.shelf.keepShipped()),
    ]
    void this.#restore()
    const unheard = this.#components.siblings?.listen(() => void this.shelf.refresh())
    return () => {
      unheard?.()
      for (const stop of stops) stop()
      this.#scout.stop()
      this.#server?.stop()
    }
  }

  /** What is shown of the device's part in it. */
  look(): Pick<DeviceView, 'cachedBytes' | 'uploadedBytes' | 'storage'> {
    return { ...this.#stored, uploadedBytes: this.#server?.sent() ?? 0 }
  }

  /** The models that the room is told are here: those that somebody meant to have here first. */
  announcement(): ModelId[] {
    const rank = ({ pinned, source }: ModelSummary) => (pinned ? 2 : source === 'mine' ? 1 : 0)
    const here = this.shelf.list().filter(({ cached }) => cached)
    return here
      .toSorted((a, b) => rank(b) - rank(a))
      .map(({ id }) => id)
      .slice(0, MAX_ANNOUNCED)
  }

  /** Counts what is stored, which `look` then shows. */
  async measure(): Promise<void> {
    const [{ bytes }, storage] = await Promise.all([this.#blocks.usage(), this.#components.storage?.room()])
    this.#stored = { cachedBytes: bytes, ...(storage ? { storage } : {}) }
    this.#components.onChange()
  }

  get unfinished(): readonly UnfinishedImport[] {
    return this.#imports?.unfinished ?? []
  }

  /** Keeps so many bytes at most from now on. */
  async limit(maxBytes: number): Promise<void> {
    await this.#blocks.limit(maxBytes)
    await this.shelf.recount()
  }

  import(origin: ModelOrigin, options: { signal?: AbortSignal } = {}): Import {
    this.#begun += 1
    void this.#components.storage?.persist()
    return new LateImport(
      this.#begun,
      origin,
      this.#open().then((imports) => imports.import(origin, options)),
    )
  }

  async discard(key: string): Promise<void> {
    await (await this.#open()).discard(key)
  }

  keep(model: ModelId, options: { signal?: AbortSignal } = {}): Promise<void> {
    return this.shelf.keep(model, options)
  }

  pin(model: ModelId, pinned: boolean): Promise<void> {
    if (pinned) void this.#components.storage?.persist()
    return this.shelf.pin(model, pinned)
  }

  remove(model: ModelId): Promise<void> {
    return this.shelf.remove(model)
  }

  async judge(model: ModelId, stand: Opinion['stand'] | undefined, reason = ''): Promise<void> {
    if (!this.shelf.has(model)) throw fault({ code: 'MODEL_UNKNOWN', model })
    await this.#components.judge.judge(model, stand, reason)
  }

  file(model: ModelId, path: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    return this.shelf.file(model, path, options)
  }

  async *exportCar(model: ModelId, options: { signal?: AbortSignal } = {}): AsyncIterable<Uint8Array> {
    const { exportCar } = await import('./export-car.ts')
    await this.shelf.keep(model, options)
    const { manifest } = this.shelf.find(model) ?? {}
    if (manifest === undefined) throw fault({ code: 'MODEL_UNKNOWN', model })
    yield* exportCar(manifest, this.#blocks, options)
  }

  async #restore(): Promise<void> {
    await this.shelf.restore()
    const left = await this.#components.records.imports.all().catch(() => [])
    if (left.length > 0) await this.#open()
  }

  #open(): Promise<Imports> {
    this.#importing ??= this.#openOnce()
    return this.#importing
  }

  async #openOnce(): Promise<Imports> {
    const { clock, signer, records, importTools, hasGpu, onChange } = this.#components
    const [{ openImports }, tools] = await Promise.all([import('./import-model.ts'), importTools({ hasGpu })])
    this.#imports = await openImports({
      ...tools,
      clock,
      signer,
      blocks: this.#blocks,
      records: records.imports,
      adopt: (manifest) => this.shelf.adopt(manifest),
      mine: () => this.shelf.list().filter(({ source }) => source === 'mine'),
      // An import may have taken the place of other models, however it ended.
      onChange: () => void this.shelf.recount(),
    })
    onChange()
    return this.#imports
  }

  /** Who says that they hold what, blocked peers left out: counted again as soon as it may have changed, or a moment later. */
  #announced(): ReadonlyMap<ModelId, readonly Holder[]> {
    const { presence, isBlocked, signer, clock } = this.#components
    if (this.#heard && clock.now() - this.#heard.at < HEARD_FOR) return this.#heard.all
    const all = new Map<ModelId, Holder[]>()
    for (const { peer, addresses, models } of presence.list()) {
      if (peer === signer.peer || isBlocked(peer)) continue
      for (const model of models) {
        const holders = all.get(model)
        if (holders) holders.push({ peer, addresses })
        else all.set(model, [{ peer, addresses }])
      }
    }
    this.#heard = { at: clock.now(), all }
    return all
  }
}
