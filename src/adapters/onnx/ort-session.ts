import type * as OrtLibrary from 'onnxruntime-web'
import { fault } from '../../domain/fault.ts'
import type { ValueInfo } from '../../domain/manifest.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { InferenceResult } from '../../ports/inference-engine.ts'
import type { ModelFiles, SessionRequest } from './messages.ts'
import { refusalOf } from './ort-faults.ts'
import { fromOrt, isDType, toOrt } from './ort-tensors.ts'

/** What Moot uses of onnxruntime-web, whichever build of it was loaded. */
export type Ort = Pick<typeof OrtLibrary, 'InferenceSession' | 'Tensor' | 'env'>
type OrtSession = OrtLibrary.InferenceSession
type Metadata = OrtSession['inputMetadata'][number]

/** Four: fatal errors only. What matters comes back as an exception. */
const LOG_SEVERITY = 4

/** The canon runs a model as it is written; a GPU may rearrange it, and is compared with the canon for that. */
export const OPTIONS: Record<EngineKind, OrtLibrary.InferenceSession.SessionOptions> = {
  cpu: { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled', logSeverityLevel: LOG_SEVERITY },
  gpu: { executionProviders: ['webgpu'], graphOptimizationLevel: 'all', logSeverityLevel: LOG_SEVERITY },
}

/** Refuses a model any operator of which would be computed on the CPU of a GPU's session. */
export const STRICT: OrtLibrary.InferenceSession.SessionOptions = {
  extra: { session: { disable_cpu_ep_fallback: '1' } },
}

/** A model that an engine holds ready. */
export interface Session {
  readonly ort: Ort
  readonly ready: OrtSession
  /** Names of the outputs wanted. */
  readonly wanted: readonly string[]
}

/** Makes a session of a model's files. Rejects with `MODEL_NOT_ONNX` or `MODEL_REFUSED`. */
export async function createSession(
  ort: Ort,
  kind: EngineKind,
  { bytes, exposing, rounds, weights }: ModelFiles,
  more: OrtLibrary.InferenceSession.SessionOptions = {},
): Promise<OrtSession> {
  const externalData = weights.map((file) => ({ path: file.path, data: file.bytes }))
  try {
    const model = rounds ? (await import('./surgery/round-values.ts')).roundingValues(bytes) : bytes
    return await ort.InferenceSession.create(joined(model, exposing), { ...OPTIONS[kind], ...more, externalData })
  } catch (error) {
    throw refusalOf(error)
  }
}

/** A session whose inputs and outputs are those that the model's manifest declares. */
export async function openSession(ort: Ort, kind: EngineKind, request: SessionRequest): Promise<Session> {
  const ready = await createSession(ort, kind, request)
  try {
    if (ready.inputNames.length !== request.inputs.length) throw differs('inputs')
    for (const input of request.inputs) matches('inputs', input, ready.inputMetadata)
    for (const output of request.outputs) matches('outputs', output, ready.outputMetadata)
  } catch (error) {
    await ready.release()
    throw error
  }
  return { ort, ready, wanted: request.outputs.map(({ name }) => name) }
}

/** Runs a session. Rejects with `TOO_LARGE` where the outputs together pass `outputLimit` bytes. */
export async function runSession(
  { ort, ready, wanted }: Session,
  feeds: Tensors,
  outputLimit = Number.POSITIVE_INFINITY,
): Promise<InferenceResult> {
  const given = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(ort.Tensor, tensor)]))
  const start = performance.now()
  const results = await ready.run(given, wanted, { logSeverityLevel: LOG_SEVERITY })
  const computeMs = performance.now() - start
  const outputs = Object.fromEntries(
    wanted.map((name) => {
      const result = results[name]
      if (!result) throw differs('outputs')
      return [name, fromOrt(name, result)]
    }),
  )
  const bytes = Object.values(outputs).reduce((sum, { data }) => sum + data.length, 0)
  if (bytes > outputLimit) throw fault({ code: 'TOO_LARGE', what: 'output', bytes, limit: outputLimit })
  return { outputs, computeMs }
}

/** What the engine infers about a session's outputs. Those that are no tensors of numbers are left out. */
export const describedOutputs = (session: OrtSession): ValueInfo[] =>
  session.outputMetadata.flatMap((value) =>
    value.isTensor && isDType(value.type)
      ? [
          {
            name: value.name,
            dtype: value.type,
            dims: value.shape.map((n) => (typeof n === 'number' && n > 0 ? n : null)),
          },
        ]
      : [],
  )

function matches(role: string, { name, dtype }: ValueInfo, all: readonly Metadata[]): void {
  const found = all.find((value) => value.name === name)
  if (!found?.isTensor || found.type !== dtype) throw differs(role)
}

const differs = (role: string) =>
  fault({ code: 'MODEL_REFUSED', why: `its manifest declares other ${role} than its file` })

function joined(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  if (more.length === 0) return bytes
  const whole = new Uint8Array(bytes.length + more.length)
  whole.set(bytes)
  whole.set(more, bytes.length)
  return whole
}
