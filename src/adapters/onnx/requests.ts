import type { Rule } from '../../domain/agreement.ts'
import { fault } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import { exposing } from './expose.ts'
import { inspectModel } from './inspect-model.ts'
import type { CheckRequest, SessionRequest } from './messages.ts'

/** All bytes are copies that may be given away: the caller keeps its own. */
export function sessionRequest({ id, manifest, bytes }: LoadedModel): SessionRequest {
  const { arithmetic, intermediates } = inspectModel(bytes)
  // The rule of agreement follows from it, so a publisher's word is not enough for the looser one.
  if (manifest.arithmetic === 'fp32' && arithmetic !== 'fp32')
    throw fault({ code: 'MODEL_REFUSED', why: `it is described as fp32, and its file computes in ${arithmetic}` })
  return {
    model: id,
    bytes: new Uint8Array(bytes),
    inputs: manifest.inputs,
    outputs: manifest.outputs,
    exposing: manifest.canonicalRun === 'exposed' ? exposing(intermediates) : new Uint8Array(0),
  }
}

export function checkRequest(model: LoadedModel, feeds: Tensors, rule: Rule): CheckRequest {
  const { intermediates, trace } = inspectModel(model.bytes)
  const { id, bytes } = model
  return {
    model: id,
    bytes: new Uint8Array(bytes),
    exposing: exposing(intermediates),
    feeds: copyOf(feeds),
    rule,
    trace,
  }
}

export const copyOf = (tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: new Uint8Array(tensor.data) }]),
  )
