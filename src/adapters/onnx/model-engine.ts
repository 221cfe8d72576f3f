import type { Numerics } from '../../domain/agreement.ts'
import type { Manifest, ModelId, ValueInfo } from '../../domain/manifest.ts'
import type { InferenceEngine, LoadedModel } from '../../ports/inference-engine.ts'

/** A model with what an engine goes by of its manifest. */
export interface Runnable extends Omit<LoadedModel, 'manifest'> {
  readonly manifest: Pick<Manifest, 'inputs' | 'outputs' | 'canonicalRun'> & Numerics
}

/** An engine that models can be tried out on before they have a manifest. */
export interface ModelEngine extends InferenceEngine {
  load(model: Runnable, options?: { signal?: AbortSignal }): Promise<void>
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
