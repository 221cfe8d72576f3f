import type { Rule } from '../../domain/agreement.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { TraceOptions } from '../../ports/canon-engine.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import { exposing } from './expose.ts'
import { inspectModel, type ModelFacts } from './inspect-model.ts'
import type { CheckRequest, ModelFiles, RequestOf, SessionRequest, TraceRequest } from './messages.ts'
import type { Runnable } from './model-engine.ts'
import { refused } from './refusals.ts'

type Files = Pick<LoadedModel, 'bytes' | 'weights'>

/** All bytes are copies that may be given away: the caller keeps its own. */
export function sessionRequest({ id, manifest, ...model }: Runnable): SessionRequest {
  const facts = inspectModel(model.bytes)
  // The rule of agreement follows from it, so a publisher's word is not enough.
  if (manifest.arithmetic !== facts.arithmetic)
    throw refused(`it is described as ${manifest.arithmetic}, and its file computes in ${facts.arithmetic}`)
  return {
    model: id,
    inputs: manifest.inputs,
    outputs: manifest.outputs,
    // Only where numbers have half precision do a plain and an exposed run differ, and there a publisher's word is not taken either.
    ...filesOf(model, facts, facts.arithmetic === 'fp16' ? 'exposed' : manifest.canonicalRun),
  }
}

export function checkRequest({ id, ...model }: Runnable, feeds: readonly Tensors[], rule: Rule): CheckRequest {
  const facts = inspectModel(model.bytes)
  return {
    model: id,
    feeds: feeds.map(copyOf),
    rule,
    trace: facts.trace,
    ...filesOf(model, facts, 'exposed'),
  }
}

export function traceRequest(
  model: Runnable,
  feeds: Tensors,
  { keep = [], given = {} }: TraceOptions,
  room: number,
): TraceRequest {
  const exposed = sessionRequest({ ...model, manifest: { ...model.manifest, canonicalRun: 'exposed' } })
  return { ...exposed, feeds: copyOf(feeds), keep, given: copyOf(given), room }
}

export const runOnceRequest = (bytes: Uint8Array, feeds: Tensors, isStrict: boolean): RequestOf<'runOnce'> => ({
  ...describeRequest({ bytes, weights: [] }),
  feeds: copyOf(feeds),
  isStrict,
})

export const describeRequest = (model: Files): ModelFiles => filesOf(model, inspectModel(model.bytes), 'plain')

/** The model's file and those that it names beside it. Throws `MODEL_REFUSED` where one of them is not there, or too short. */
function filesOf({ bytes, weights }: Files, facts: ModelFacts, run: 'plain' | 'exposed'): ModelFiles {
  const isExposed = run === 'exposed'
  return {
    bytes: new Uint8Array(bytes),
    exposing: exposing(isExposed ? facts.intermediates : []),
    ...(isExposed && facts.arithmetic === 'fp16' ? { rounds: true } : {}),
    weights: facts.weights.map((needed) => {
      const file = weights.find(({ path }) => path === needed.path)
      if (!file) throw refused(`its weights lie in ${needed.path}, which is missing`)
      if (file.bytes.length < needed.bytes)
        throw refused(`its weights in ${needed.path} take ${needed.bytes} bytes, and it has ${file.bytes.length}`)
      return { path: needed.path, bytes: new Uint8Array(file.bytes) }
    }),
  }
}

export const copyOf = (tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: new Uint8Array(tensor.data) }]),
  )
