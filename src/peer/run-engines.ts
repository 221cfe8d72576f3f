import { faultOf, type Fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { MessageOf } from '../domain/messages.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { CanonEngine, OpenCanon } from '../ports/canon-engine.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { GpuStatus } from './view.ts'

export interface EngineComponents {
  readonly cpu: CanonEngine
  /** Opens any canon that the app has. */
  readonly openCanon: OpenCanon
  /** Settles once the cpu can compute, where it is still being opened. */
  readonly cpuReady?: Promise<void>
  /** Starts this device's GPU. Rejects with `ENGINE_UNAVAILABLE` or `SELF_TEST_FAILED`. Absent where there can be none. */
  readonly startGpu?: () => Promise<InferenceEngine>
  /** Puts a planted fault into an engine; leaves it alone where none is planted. */
  readonly disturb: <E extends InferenceEngine>(engine: E) => E
  /** Told where the gpu's own checks find it wrong: on a model and its inputs, or on what any gpu must compute right. */
  readonly onFaultyGpu?: (model: ModelId | undefined, inputs?: Tensors) => void
  readonly onChange: () => void
}

/** The engines of this device: the cpu always, the gpu once its owner wants it and its self-test passed. */
export class Engines {
  /** The canon as it is, for re-runs: no fault is ever planted here. */
  readonly canon: CanonEngine
  readonly #components: EngineComponents
  /** The same, with a planted fault in it where there is one: what this device computes and asserts. */
  readonly witness: CanonEngine
  /** Models that this GPU computes differently from the canon: it does not offer them again. */
  readonly #refused = new Set<ModelId>()
  /** Canons of other versions that something was run in again, by their sha-256. */
  readonly #older = new Map<string, Promise<CanonEngine>>()
  #fault: Fault | undefined
  #gpu: InferenceEngine | undefined
  #status: GpuStatus = { state: 'off' }

  constructor(components: EngineComponents) {
    this.#components = components
    this.canon = components.cpu
    this.witness = components.disturb(components.cpu)
    components.cpuReady?.catch((error: unknown) => {
      this.#fault = faultOf(error, (why) => ({ code: 'ENGINE_UNAVAILABLE', engine: 'cpu', why }))
      components.onChange()
    })
  }

  /** Why this device computes nothing: its cpu engine, which the gpu is compared with, could not be opened. */
  get fault(): Fault | undefined {
    return this.#fault
  }

  get gpu(): GpuStatus {
    return this.#status
  }

  /** The engine that answers for this device in presence and offers. */
  get preferred(): InferenceEngine {
    return this.#gpu ?? this.witness
  }

  engineFor(offer: Pick<MessageOf<'offer'>, 'engine' | 'model'>): InferenceEngine {
    return this.#gpu && offer.engine === 'any' && !this.#refused.has(offer.model) ? this.#gpu : this.witness
  }

  /** Computes a model on the cpu from now on, whatever its owner prefers. */
  refuse(model: ModelId): void {
    this.#refused.add(model)
  }

  /** Turns the gpu on or off. Whether it could be turned on is in `gpu`. */
  async useGpu(wanted: boolean): Promise<void> {
    if (!wanted) {
      await this.#gpu?.close()
      this.#gpu = undefined
      return this.#show({ state: 'off' })
    }
    if (this.#gpu !== undefined || this.#status.state === 'starting') return
    this.#show({ state: 'starting' })
    try {
      const { startGpu } = this.#components
      if (startGpu === undefined) throw new Error('this device has none that a browser may use')
      const gpu = await startGpu()
      this.#gpu = this.#watch(this.#components.disturb(gpu))
      this.#show({ state: 'ready', adapter: gpu.info.adapter ?? 'GPU' })
    } catch (error) {
      const fault = faultOf(error, (why) => ({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why }))
      this.#show({ state: 'refused', fault })
      if (fault.code === 'SELF_TEST_FAILED') this.#components.onFaultyGpu?.(undefined)
    }
  }

  /** This device's own canon, or another that the app has. It stays open as long as this device's own does. */
  readonly openCanon: OpenCanon = async (wasmSha256) => {
    if (wasmSha256 === this.canon.info.wasmSha256) return this.canon
    const opening = this.#older.get(wasmSha256) ?? this.#components.openCanon(wasmSha256)
    this.#older.set(wasmSha256, opening)
    opening.catch(() => this.#older.delete(wasmSha256))
    return await opening
  }

  async close(): Promise<void> {
    const older = [...this.#older.values()].map(async (opening) => (await opening).close())
    await Promise.all([this.#gpu?.close(), this.canon.close(), ...older])
  }

  /** Remembers the models that the gpu's own check refuses. */
  #watch(gpu: InferenceEngine): InferenceEngine {
    const noting = async <T>(task: Promise<T>, model: ModelId, inputs?: Tensors): Promise<T> => {
      try {
        return await task
      } catch (error) {
        const { code } = faultOf(error)
        if (code === 'SELF_TEST_FAILED' || code === 'MODEL_REFUSED') this.refuse(model)
        if (code === 'SELF_TEST_FAILED') this.#components.onFaultyGpu?.(model, inputs)
        throw error
      }
    }
    return {
      info: gpu.info,
      has: (model) => gpu.has(model),
      load: (model, options) => noting(gpu.load(model, options), model.id),
      // What has free dimensions is checked when its first inputs come.
      run: (model, inputs, options) => noting(gpu.run(model, inputs, options), model, inputs),
      close: () => gpu.close(),
    }
  }

  #show(status: GpuStatus): void {
    this.#status = status
    this.#components.onChange()
  }
}
