import type { Fault } from '../../domain/fault.ts'
import type { ModelId, ValueInfo } from '../../domain/manifest.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { Rule } from '../../domain/agreement.ts'
import type { Trace } from '../../ports/canon-engine.ts'
import type { EngineInfo, InferenceResult, LoadedModel } from '../../ports/inference-engine.ts'
import type { TracedValue } from './inspect-model.ts'

/** The files of a model, as a session is made of them. */
export interface ModelFiles {
  readonly bytes: Uint8Array
  /** Bytes that, put after the model's, expose every intermediate. Empty where a plain run is wanted. */
  readonly exposing: Uint8Array
  /** Each value is rounded to its type before another operator takes it: where values are exposed and some have half precision. */
  readonly rounds?: true
  readonly weights: LoadedModel['weights']
}

/** What a worker needs to make a session. */
export interface SessionRequest extends ModelFiles {
  readonly model: ModelId
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

/** What a worker needs to compare its GPU with its CPU on a loaded model. */
export interface CheckRequest extends ModelFiles {
  readonly model: ModelId
  /** The first runs, or the comparison fails. The others may be more than the model takes. */
  readonly feeds: readonly Tensors[]
  readonly rule: Rule
  /** Which operator makes which value, in topological order, so that a fault can name one. */
  readonly trace: readonly TracedValue[]
}

/** What a worker needs to run a model with every value hashed. */
export interface TraceRequest extends ModelFiles {
  readonly model: ModelId
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly feeds: Tensors
  /** Names of values to return. */
  readonly keep: readonly string[]
  /** Values that are taken as they are. */
  readonly given: Tensors
  /** Bytes of values that may lie side by side: a model that makes more runs in segments. */
  readonly room: number
}

export interface OpenRequest {
  readonly kind: EngineKind
  /** The sha-256 (hex) of the canon's binary, where another is wanted than the present one. */
  readonly canon?: string
  /** Bytes of wasm memory. */
  readonly memoryLimit: number
  /** Bytes of all outputs of one run together. */
  readonly outputLimit: number
  /** Lets an emulated GPU pass for one: for tests. */
  readonly allowSoftwareGpu: boolean
  /** The smallest of models: making a session of it starts the engine, so that what stops that is not told of a real model. */
  readonly probe: Uint8Array
}

/** Every call to an inference worker: one map types both ends of its channel. */
export interface EngineCalls {
  open: { request: OpenRequest; reply: EngineInfo }
  /** What the engine infers about the outputs of a model whose file does not say. */
  describe: { request: ModelFiles; reply: readonly ValueInfo[] }
  load: { request: SessionRequest; reply: undefined }
  check: { request: CheckRequest; reply: undefined }
  run: { request: { readonly model: ModelId; readonly feeds: Tensors }; reply: InferenceResult }
  trace: { request: TraceRequest; reply: Trace }
  /** `isStrict`: refuses what a GPU's engine would leave to the CPU. */
  runOnce: { request: ModelFiles & { readonly feeds: Tensors; readonly isStrict: boolean }; reply: InferenceResult }
  release: { request: { readonly model: ModelId }; reply: undefined }
}

export type CallName = keyof EngineCalls
export type RequestOf<K extends CallName> = EngineCalls[K]['request']
export type ReplyOf<K extends CallName> = EngineCalls[K]['reply']

export interface Call<K extends CallName = CallName> {
  readonly call: K
  readonly request: RequestOf<K>
}

/** Faults cross as data. `spoiled` says that the worker must not be used again. */
export type Reply<K extends CallName = CallName> =
  | { readonly value: ReplyOf<K> }
  | { readonly fault: Fault; readonly spoiled: boolean }

/** One end of the channel to a worker. Calls are made one at a time. */
export interface EngineLink {
  /** Rejects when the worker crashes. `transfer` names the buffers in `call` that are given away. */
  exchange<K extends CallName>(call: Call<K>, transfer: ArrayBuffer[]): Promise<Reply<K>>
  terminate(): void
}
