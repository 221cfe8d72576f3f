import { signManifest } from '../domain/check-manifest.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL, runFiles, sizeOf, type Manifest, type ModelFile } from '../domain/manifest.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { Calibration, ModelInspector } from '../ports/model-inspector.ts'
import type { ModelOrigin, OpenSource, SourceListing } from '../ports/model-source.ts'
import type { Signer } from '../ports/signer.ts'
import { candidatesIn } from './choose-files.ts'
import { gatherFiles, type Gathered } from './gather-files.ts'
import type { ImportJournal } from './keep-journal.ts'
import { digestsOf } from './bring-model.ts'
import { TransferMeter } from './measure-transfer.ts'
import { proposeManifest } from './propose-manifest.ts'
import { readModelSettings } from './read-model-settings.ts'
import type { Import, ImportView, ModelSummary, Proposal } from './view.ts'

/** Milliseconds between two views of bytes that come: what a person can follow. */
const SHOW_EVERY = 100

export interface ImportComponents {
  readonly openSource: OpenSource
  readonly inspector: ModelInspector
  readonly blocks: BlockStore
  readonly signer: Signer
  readonly clock: Clock
  /** Lists a model of which everything is here, and serves it. */
  readonly adopt: (manifest: Manifest) => Promise<ModelSummary>
  /** What this peer has published so far. */
  readonly mine: () => readonly ModelSummary[]
}

export interface RunImportInit {
  readonly id: number
  readonly title: string
  readonly origin: ModelOrigin
  readonly signal?: AbortSignal | undefined
  /** Takes the import for this tab alone, with what an earlier one noted. */
  readonly begin: () => Promise<ImportJournal>
  /** It is over here. Of what was read these blocks stay; `all`, and the record with them, for another try. */
  readonly end: (journal: ImportJournal, keep: readonly Uint8Array[] | 'all') => Promise<void>
}

interface Ready {
  readonly gathered: Gathered
  readonly calibration: Calibration
  readonly listing: SourceListing
}

/** One import, from the first look to the signature. */
export class RunningImport implements Import {
  readonly settled: Promise<ImportView>
  readonly #components: ImportComponents
  readonly #init: RunImportInit
  readonly #stop = new AbortController()
  readonly #listeners = new Set<(view: ImportView) => void>()
  readonly #chosen = Promise.withResolvers<string>()
  #view: ImportView
  #journal: ImportJournal | undefined
  #ready: Ready | undefined
  #meter: TransferMeter | undefined
  #shownAt = 0

  constructor(components: ImportComponents, init: RunImportInit) {
    const { id, title, signal } = init
    this.#components = components
    this.#init = init
    this.#view = { id, title, phase: 'looking', choices: [] }
    if (signal?.aborted) this.#stop.abort()
    signal?.addEventListener('abort', () => this.cancel(), { once: true })
    this.settled = this.#run()
  }

  get view(): ImportView {
    return this.#view
  }

  subscribe(listener: (view: ImportView) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  choose(path: string): void {
    if (this.#view.choices.some((choice) => choice.path === path)) this.#chosen.resolve(path)
  }

  cancel(): void {
    const { phase } = this.#view
    this.#stop.abort()
    // It was read whole, and is not wanted: nothing of it stays.
    if (phase === 'ready') void this.#fail({ code: 'CANCELLED' }, { isUnwanted: true })
  }

  async publish(proposal: Proposal): Promise<ModelSummary> {
    const [ready, journal] = [this.#ready, this.#journal]
    if (this.#view.phase !== 'ready' || ready === undefined || journal === undefined)
      throw fault({ code: 'OUT_OF_ORDER', what: 'signing of the model', during: this.#view.phase })
    this.#show({ phase: 'signing' })
    try {
      const manifest = await this.#sign(ready, proposal)
      const model = await this.#components.adopt(manifest)
      await this.#init.end(journal, digestsOf(manifest))
      this.#show({ phase: 'done', model })
      return model
    } catch (error) {
      this.#show({ phase: 'ready' })
      throw error
    }
  }

  async #sign({ gathered, calibration, listing }: Ready, proposal: Proposal): Promise<Manifest> {
    const { signer, blocks } = this.#components
    const { inspection, files } = gathered
    const { note: _, ...measured } = calibration
    const { parameters, memory, arithmetic, inputs } = inspection
    const manifest = await signManifest(
      {
        ...proposal,
        ...(listing.address === undefined ? {} : { source: listing.address.slice(0, 512) }),
        files,
        inputs,
        parameters,
        memory,
        arithmetic,
        ...measured,
      },
      signer,
    )
    const [lost] = await blocks.missing(digestsOf(manifest))
    if (lost !== undefined) throw fault({ code: 'BLOCK_MISSING', digest: hex(lost) })
    return manifest
  }

  async #run(): Promise<ImportView> {
    try {
      const journal = await this.#init.begin()
      this.#journal = journal
      const source = this.#components.openSource(this.#init.origin)
      const listing = await source.list({ signal: this.#stop.signal })
      const model = await this.#choice(listing, journal)
      this.#show({ phase: 'reading', title: listing.name })
      journal.note({ title: listing.name, model })
      const { inspector, blocks } = this.#components
      const gathered = await gatherFiles({
        source,
        listing,
        model,
        inspector,
        blocks,
        journal,
        onBytes: (bytes, total) => this.#showBytes(bytes, total),
        signal: this.#stop.signal,
      })
      this.#show({ phase: 'checking', inspection: gathered.inspection })
      const calibration = await this.#calibrate(gathered)
      const proposal = await this.#propose(listing, gathered, calibration)
      this.#stop.signal.throwIfAborted()
      this.#ready = { gathered, calibration, listing }
      this.#show({ phase: 'ready', calibration, proposal })
    } catch (error) {
      await this.#fail(faultOf(error, (why) => unforeseen(this.#view.title, why)))
    }
    return this.#view
  }

  /** The ONNX file that is wanted: the only one, the one that was named, or the one that a person chooses now. */
  async #choice(listing: SourceListing, journal: ImportJournal): Promise<string> {
    const { origin } = this.#init
    const choices = candidatesIn(listing)
    const named = ('path' in origin ? origin.path : undefined) ?? journal.record.model
    const [first, ...others] = choices
    if (first === undefined)
      throw fault({ code: 'MODEL_NOT_ONNX', why: `${listing.name} holds no file that ends in .onnx` })
    if (choices.some(({ path }) => path === named) && named !== undefined) return named
    if (others.length === 0) return first.path
    this.#show({ phase: 'choosing', title: listing.name, choices })
    const { promise: stopped, reject } = Promise.withResolvers<never>()
    this.#stop.signal.addEventListener('abort', () => reject(fault({ code: 'CANCELLED' })), { once: true })
    this.#stop.signal.throwIfAborted()
    return Promise.race([this.#chosen.promise, stopped])
  }

  async #calibrate({ inspection, files }: Gathered): Promise<Calibration> {
    const { inspector } = this.#components
    if (sizeOf(runFiles({ files })) > MAX_MODEL) return inspector.uncalibrated(inspection)
    const bytes: { path: string; bytes: Uint8Array }[] = []
    for (const file of runFiles({ files })) bytes.push({ path: file.path, bytes: await this.#whole(file) })
    const [graph, ...weights] = bytes
    if (graph === undefined) throw new TypeError('a model has a graph')
    return inspector.calibrate({ bytes: graph.bytes, weights }, inspection, { signal: this.#stop.signal })
  }

  async #propose(listing: SourceListing, { inspection, files }: Gathered, { outputs }: Calibration): Promise<Proposal> {
    const read: { path: string; bytes: Uint8Array }[] = []
    for (const file of files) if (file.role === 'config') read.push({ path: file.path, bytes: await this.#whole(file) })
    const mine = this.#components.mine()
    return proposeManifest({ listing, inspection, outputs, files, settings: readModelSettings(read), mine })
  }

  async #whole({ size, blocks }: ModelFile): Promise<Uint8Array> {
    const bytes = new Uint8Array(size)
    for (const [i, digest] of blocks.entries()) {
      this.#stop.signal.throwIfAborted()
      const block = await this.#components.blocks.get(digest)
      if (block === undefined) throw fault({ code: 'BLOCK_MISSING', digest: hex(digest) })
      bytes.set(block, i * BLOCK_SIZE)
    }
    return bytes
  }

  async #fail(failure: Fault, { isUnwanted = false } = {}): Promise<void> {
    const atFault =
      failure.code === 'MODEL_NOT_ONNX' || failure.code === 'MODEL_REFUSED' || failure.code === 'TOO_LARGE'
    this.#ready = undefined
    if (this.#journal) await this.#init.end(this.#journal, atFault || isUnwanted ? [] : 'all')
    this.#show({ phase: 'failed', fault: failure })
  }

  #showBytes(bytes: number, total: number | undefined): void {
    const { clock } = this.#components
    const before = this.#meter?.transfer
    const goesOn = before !== undefined && before.total === total && bytes >= before.bytes
    if (goesOn) this.#meter?.add(bytes - before.bytes)
    else this.#meter = new TransferMeter(clock, total, bytes)
    if (clock.now() - this.#shownAt < SHOW_EVERY && bytes !== total) return
    this.#shownAt = clock.now()
    if (this.#meter) this.#show({ transfer: this.#meter.transfer })
  }

  #show(change: Partial<ImportView>): void {
    const { transfer, ...view } = { ...this.#view, ...change }
    this.#view = view.phase === 'reading' && transfer ? { ...view, transfer } : view
    for (const listener of this.#listeners) listener(this.#view)
  }
}

const unforeseen = (source: string, why: string): Fault => ({
  code: 'SOURCE_FAILED',
  source,
  why,
  advice: 'Try again: what was read is kept.',
})
