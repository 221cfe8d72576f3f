import * as v from 'valibot'
import { encodeManifest, readManifest } from '../domain/check-manifest.ts'
import { hex } from '../domain/hash.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { VerifySignature } from '../ports/signer.ts'
import { digestsOf } from './bring-model.ts'
import type { ModelSummary } from './view.ts'

/** What is kept of a model beside its blocks, so that the next visit knows that it is here. */
const KeptModel = v.object({
  manifest: v.custom<Uint8Array>((value) => value instanceof Uint8Array),
  /** Of all its files: pinned blocks must be found again, even where the manifest reads no more. */
  blocks: v.array(v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32)),
  source: v.picklist(['shipped', 'mine', 'room']),
  pinned: v.boolean(),
})

export interface KeptModel {
  readonly id: ModelId
  readonly manifest: Manifest
  readonly source: ModelSummary['source']
  readonly pinned: boolean
}

/** The models of this device, as all the tabs of its browser know them. Where nothing is stored there are none. */
export class ModelRecords {
  readonly #records: RecordStore
  readonly #verify: VerifySignature
  readonly #blocks: Pick<BlockStore, 'pin'>

  constructor(records: RecordStore, verify: VerifySignature, blocks: Pick<BlockStore, 'pin'>) {
    this.#records = records
    this.#verify = verify
    this.#blocks = blocks
  }

  /** Those that hold. What does not hold any more is forgotten, and its blocks are let go. */
  async restore(): Promise<readonly KeptModel[]> {
    const kept: KeptModel[] = []
    for (const [id, record] of await this.#all()) {
      const read = v.safeParse(KeptModel, record)
      if (!read.success) {
        await this.delete(id)
        continue
      }
      const { manifest, blocks, source, pinned } = read.output
      try {
        kept.push({ id, manifest: await readManifest(id, manifest, this.#verify), source, pinned })
      } catch {
        await this.#blocks.pin(blocks, false).catch(() => {})
        await this.delete(id)
      }
    }
    return kept
  }

  /** Without `pinned` a pin stays as it is, whichever tab set it. */
  async put({ id, manifest, source }: Pick<KeptModel, 'id' | 'manifest' | 'source'>, pinned?: boolean): Promise<void> {
    const before =
      pinned === undefined ? v.safeParse(KeptModel, await this.#records.get(id).catch(() => undefined)) : undefined
    const record: v.InferOutput<typeof KeptModel> = {
      manifest: encodeManifest(manifest),
      blocks: [...digestsOf(manifest)],
      source,
      pinned: pinned ?? (before?.success ? before.output.pinned : false),
    }
    await this.#records.put(id, record).catch(() => {})
  }

  async delete(id: ModelId): Promise<void> {
    await this.#records.delete(id).catch(() => {})
  }

  /**
   * Lets blocks go when their place is needed, but those of a model that some tab has pinned, or that was published here:
   * perhaps nobody else has it. Gives the models that are pinned.
   */
  async unpin(digests: readonly Uint8Array[]): Promise<ReadonlySet<ModelId>> {
    const records = (await this.#all()).flatMap(([id, record]) => {
      const read = v.safeParse(KeptModel, record)
      return read.success ? [{ id, ...read.output }] : []
    })
    const stays = records.filter(({ pinned, source }) => pinned || source === 'mine')
    const held = new Set(stays.flatMap(({ blocks }) => blocks.map(hex)))
    const free = digests.filter((digest) => !held.has(hex(digest)))
    await this.#blocks.pin(free, false).catch(() => {})
    return new Set(records.filter(({ pinned }) => pinned).map(({ id }) => id))
  }

  #all(): ReturnType<RecordStore['all']> {
    return this.#records.all().catch(() => [])
  }
}
