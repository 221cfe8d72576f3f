import type { Tensors } from '../domain/tensor.ts'
import type { InferenceEngine, InferenceResult, LoadedModel } from './inference-engine.ts'

/** A run of which every value that an operator makes was hashed. */
export interface Trace {
  /** One hash for each value, in the order of `Outline.values`: `hashValue` of it, or `NOT_CARRIED` where it is no tensor that Moot carries. */
  readonly values: readonly Uint8Array[]
  readonly outputs: Tensors
  /** The values that `keep` named, by name. */
  readonly kept: Tensors
  /** Milliseconds the engine itself computed: hashing not counted. */
  readonly computeMs: number
}

export interface TraceOptions {
  readonly signal?: AbortSignal
  /** Names of values to return. Past `MAX_KEPT` bytes together: `TOO_LARGE`. */
  readonly keep?: readonly string[]
  /** Values, by name, that are taken as they are: an operator all of whose values are given is not run. */
  readonly given?: Tensors
}

/** Bytes of values that one trace returns: what one operator takes and makes, with room to spare. */
export const MAX_KEPT = 64 << 20

/** An engine that can show how it comes to its outputs. */
export interface CanonEngine extends InferenceEngine {
  /**
   * Runs a model with every intermediate exposed, hashing each as it comes: memory stays bounded however many there are. Needs no
   * `load` before it. Rejects as `load` and `run` do, and with `TOO_LARGE`.
   */
  trace(model: LoadedModel, inputs: Tensors, options?: TraceOptions): Promise<Trace>
  /** Runs a small self-contained model once and lets go of it: an operator cut out of another. Rejects as `load` and `run` do. */
  runOnce(model: Uint8Array, inputs: Tensors, options?: { signal?: AbortSignal }): Promise<InferenceResult>
}

/** Opens the canon whose wasm binary has this sha-256 (hex), from the app's own list and no other. Rejects with `CANON_UNKNOWN`. */
export type OpenCanon = (wasmSha256: string, options?: { signal?: AbortSignal }) => Promise<CanonEngine>
