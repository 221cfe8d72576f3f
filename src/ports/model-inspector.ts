import type { Arithmetic, ManifestDraft, Tolerance, ValueInfo } from '../domain/manifest.ts'
import type { LoadedModel } from './inference-engine.ts'

/** What an ONNX file says of itself. */
export interface Inspection {
  readonly opset: number
  readonly inputs: readonly ValueInfo[]
  /** Those whose type or shape the file leaves for the engine to infer are missing, until `calibrate`. */
  readonly outputs: readonly ValueInfo[]
  readonly undeclaredOutputs: readonly string[]
  /** By type, with how often each occurs, bodies of `If` and `Loop` included; the most frequent first. */
  readonly operators: readonly { readonly type: string; readonly count: number }[]
  /** Numbers in the weights. */
  readonly parameters: number
  /** Bytes that a run takes, estimated. */
  readonly memory: number
  readonly arithmetic: Arithmetic
  /** Paths of the files beside it in which its weights lie, as the graph calls them, with the bytes that each must have at least. */
  readonly weights: readonly { readonly path: string; readonly bytes: number }[]
  /** What exporters write beside the graph (`metadata_props`): a hint, never a rule. 64 entries of 1 KiB at most. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Reads a file as it streams past. Holds what describes the model, not its weights: 32 MiB at most. */
export interface Scan {
  /** The next bytes of the file, in order. Throws `MODEL_NOT_ONNX`, `MODEL_REFUSED` as soon as that is certain. */
  push(chunk: Uint8Array): void
  /** After the last. Throws `MODEL_NOT_ONNX`, or `MODEL_REFUSED` with what about the model no tab may run. */
  finish(): Inspection
}

/** What running a model on random inputs told of it. */
export interface Calibration {
  /** All of them, inferred ones included. */
  readonly outputs: readonly ValueInfo[]
  /** Sha-256 of the canon's wasm binary. */
  readonly canon: Uint8Array
  readonly canonicalRun: ManifestDraft['canonicalRun']
  /** Where both engines are here and their difference is one that still tells right from wrong. */
  readonly tolerance?: Tolerance
  /** What a person should know: why there is no tolerance, or that it ran on no random input. */
  readonly note?: string
}

/** Describes ONNX files without running them, and by running them. */
export interface ModelInspector {
  scan(): Scan
  /** Runs a model that `scan` let pass. Rejects with `MODEL_REFUSED` and what engines reject with. */
  calibrate(
    model: Pick<LoadedModel, 'bytes' | 'weights'>,
    inspection: Inspection,
    options?: { signal?: AbortSignal; onProgress?: (fraction: number) => void },
  ): Promise<Calibration>
  /** What calibrating comes to for a model that is too large to be run here. */
  uncalibrated(inspection: Inspection): Calibration
}
