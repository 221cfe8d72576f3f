import type { Manifest, ModelId } from '../domain/manifest.ts'
import type { EngineKind } from '../domain/states.ts'
import type { Tensors } from '../domain/tensor.ts'

/** A model whose bytes were checked against their digests: only such a one reaches an engine. */
export interface LoadedModel {
  readonly id: ModelId
  readonly manifest: Manifest
  /** The ONNX file. */
  readonly bytes: Uint8Array
  /** Files beside it that hold weights, by the path that the graph calls them. */
  readonly weights: readonly { readonly path: string; readonly bytes: Uint8Array }[]
}

export interface InferenceResult {
  readonly outputs: Tensors
  /** Milliseconds the engine itself computed: queueing and transfer not counted. */
  readonly computeMs: number
}

export interface EngineInfo {
  readonly kind: EngineKind
  /** Library, version and build, as a receipt prints it: `onnxruntime-web 1.30.0 wasm`. */
  readonly build: string
  /** Sha-256 (hex) of the wasm binary that computes. */
  readonly wasmSha256: string
  /** GPU vendor and architecture as the browser names them. */
  readonly adapter?: string
}

/**
 * Runs models, one job after another. Callers never see a worker. A job that fails, overruns its time or its memory
 * rejects with a `MootError` and leaves the engine usable for the next.
 */
export interface InferenceEngine {
  readonly info: EngineInfo
  /** True while a session for the model is warm: its next run needs no bytes. */
  has(model: ModelId): boolean
  /** Makes a session. Rejects with `MODEL_NOT_ONNX`, `MODEL_REFUSED`, `ENGINE_TIMED_OUT`, `ENGINE_OUT_OF_MEMORY`, `SELF_TEST_FAILED`. */
  load(model: LoadedModel, options?: { signal?: AbortSignal }): Promise<void>
  /** Runs a loaded model. Rejects with `WRONG_INPUT`, `ENGINE_TIMED_OUT`, `ENGINE_OUT_OF_MEMORY`, `ENGINE_FAILED`, `MODEL_NOT_LOADED`. */
  run(model: ModelId, inputs: Tensors, options?: { signal?: AbortSignal }): Promise<InferenceResult>
  close(): Promise<void>
}
