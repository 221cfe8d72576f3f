import type { Charter } from '../../domain/charter/charter.ts'
import type { Opened } from '../../domain/dispute/opened-trace.ts'
import { Opened as Trace } from '../../domain/dispute/opened-trace.ts'
import { faultOf } from '../../domain/fault.ts'
import { fromHex, hex } from '../../domain/hash.ts'
import { readAs, type MessageOf, type Read, type UnresolvedReason } from '../../domain/messages.ts'
import type { ModelId } from '../../domain/manifest.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import type { OpenSurgery, Surgery } from '../../ports/surgery.ts'
import type { ProvideModel } from '../carry-models.ts'
import { assertionsOf, type PlantedFault } from '../plant-fault.ts'
import type { SignMessage } from '../sign-message.ts'
import { computeValues, runCanon, type OwnTrace } from './run-canon.ts'

export interface WitnessComponents {
  readonly room: string
  readonly charter: Charter
  readonly sign: SignMessage
  /** What this device asserts with: a planted fault is in it, where there is one. */
  readonly engine: CanonEngine
  readonly openSurgery: OpenSurgery
  readonly provideModel: ProvideModel
  readonly planted?: PlantedFault
}

/** What there is to run. */
export interface Matter {
  readonly job: Uint8Array
  readonly model: ModelId
  readonly input: Tensors | undefined
  /** Hash of the output that this peer claimed, where it did. */
  readonly claimed: Uint8Array | undefined
  readonly signal: AbortSignal
}

export type Assert = Read<MessageOf<'assert'>>

/** Runs the canon on a disputed job, asserts what it computes, and shows of it what others ask to see. */
export class Witness {
  readonly #components: WitnessComponents
  readonly #matter: Matter
  /** By root, hex. */
  readonly #traces = new Map<string, OwnTrace>()
  #model: Promise<LoadedModel> | undefined
  #surgery: Promise<Surgery> | undefined

  constructor(components: WitnessComponents, matter: Matter) {
    this.#components = components
    this.#matter = matter
  }

  /** What it signs, and what it computed; or why it cannot. The second assertion is for the requester alone, from who says two things. */
  async assert(): Promise<
    { readonly read: Assert; readonly outputs: Tensors; readonly other?: Assert } | UnresolvedReason
  > {
    const { engine, charter, planted } = this.#components
    const { input, signal, claimed } = this.#matter
    if (input === undefined) return 'input-missing'
    if (!charter.canons.some((canon) => canon.wasmSha256 === engine.info.wasmSha256)) return 'canon-unknown'
    try {
      const own = await runCanon({ engine, model: await this.model(), input }, { signal })
      if (planted === undefined || claimed === undefined) return { read: await this.#sign(own), outputs: own.outputs }
      const { outline } = await this.surgeon()
      const [values, output] = [own.hashes.slice(0, -1), own.hashes.at(-1) ?? claimed]
      const operators = outline.values.map(({ operator }) => operator)
      const { toRoom, toRequester } = assertionsOf(planted, { values, operators, output, claimed })
      const told = (hashes: readonly Uint8Array[]) => this.#sign({ ...own, hashes, opened: Trace.whole(hashes) })
      const [read, other] = [await told(toRoom), await told(toRequester)]
      return { read, outputs: own.outputs, ...(hex(other.digest) === hex(read.digest) ? {} : { other }) }
    } catch {
      return 'canon-unavailable'
    }
  }

  /** The trace behind a root that this peer signed. */
  trace(root: Uint8Array): Opened | undefined {
    return this.#traces.get(hex(root))?.opened
  }

  /** The canonical output as this peer computed it. */
  outputs(root: Uint8Array): Tensors | undefined {
    return this.#traces.get(hex(root))?.outputs
  }

  /** Values of a run that this peer asserted, computed anew. Undefined where it asserted no such thing. */
  async values(root: Uint8Array, names: readonly string[]): Promise<Tensors | undefined> {
    const own = this.#traces.get(hex(root))
    const { input, signal } = this.#matter
    if (own === undefined || input === undefined) return undefined
    const surgery = await this.surgeon()
    const places = new Map(surgery.outline.values.map(({ name }, place) => [name, place]))
    const hashOf = (name: string) => own.opened.hashAt(places.get(name) ?? -1)
    const run = { engine: this.#components.engine, model: await this.model(), input }
    return computeValues(run, surgery, names, hashOf, { signal })
  }

  /** Lets go of the model; it is had again where somebody asks for more. */
  rest(): void {
    this.#model = undefined
    this.#surgery = undefined
  }

  surgeon(): Promise<Surgery> {
    this.#surgery ??= this.model().then((model) => this.#components.openSurgery(model))
    this.#surgery.catch(() => (this.#surgery = undefined))
    return this.#surgery
  }

  model(): Promise<LoadedModel> {
    this.#model ??= this.#components.provideModel(this.#matter.model, { signal: this.#matter.signal })
    this.#model.catch((error: unknown) => {
      this.#model = undefined
      return faultOf(error)
    })
    return this.#model
  }

  async #sign(own: OwnTrace): Promise<Assert> {
    const { room, engine, sign } = this.#components
    const { root, count } = own.opened
    this.#traces.set(hex(root), own)
    const canon = fromHex(engine.info.wasmSha256)
    const output = own.hashes.at(-1) ?? root
    return readAs('assert', await sign({ kind: 'assert', room, job: this.#matter.job, canon, output, root, count }))
  }
}
