import type { Numerics } from '../../domain/agreement.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { Manifest, ModelId, ValueInfo } from '../../domain/manifest.ts'
import type { CanonEngine, Trace, TraceOptions } from '../../ports/canon-engine.ts'
import type { InferenceResult, LoadedModel } from '../../ports/inference-engine.ts'

/** A model with what an engine goes by of its manifest. */
export interface Runnable extends Omit<LoadedModel, 'manifest'> {
  readonly manifest: Pick<Manifest, 'inputs' | 'outputs' | 'canonicalRun'> & Numerics
}

export interface RunOnceOptions {
  readonly signal?: AbortSignal
  /** Rejects with `MODEL_REFUSED` where a GPU's engine would leave an operator to the CPU. */
  readonly isStrict?: boolean
}

/** An engine that models can be tried out on before they have a manifest. */
export interface ModelEngine extends CanonEngine {
  load(model: Runnable, options?: { signal?: AbortSignal }): Promise<void>
  /** A GPU's rejects with `ENGINE_UNAVAILABLE`: only the canon's hashes mean anything to others. */
  trace(model: Runnable, inputs: Tensors, options?: TraceOptions): Promise<Trace>
  runOnce(model: Uint8Array, inputs: Tensors, options?: RunOnceOptions): Promise<InferenceResult>
  /** The outputs as the engine infers them. Rejects as `load` does. */
  describe(
    model: Pick<LoadedModel, 'bytes' | 'weights'>,
    options?: { signal?: AbortSignal },
  ): Promise<readonly ValueInfo[]>
  /** Lets go of a model, where it holds it. */
  release(model: ModelId): Promise<void>
}

/** Bytes of all its files. */
export const bytesOfFiles = ({ bytes, weights }: Pick<LoadedModel, 'bytes' | 'weights'>): number =>
  weights.reduce((sum, file) => sum + file.bytes.length, bytes.length)
