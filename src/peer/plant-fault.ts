import { fault } from '../domain/fault.ts'
import type { Tensor, Tensors } from '../domain/tensor.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'

/**
 * A fault that somebody plants in a tab of their own, to see it found: nothing that looks for faults ever reads it.
 * `scale`: every float of the output is multiplied. `constant`: the output of the first job, for ever. `silent`: accepts and
 * is not heard of again. `stall`: computes, and keeps its commit or its reveal to itself.
 */
export type PlantedFault =
  | { readonly kind: 'scale'; readonly factor: number }
  | { readonly kind: 'constant' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'stall'; readonly at: 'commit' | 'reveal' }

/** The step at which a faulty executor falls silent. */
export type Silence = 'award' | 'commit' | 'reveal'

/** Reads `scale=1.01`, `constant` or `silent`. Throws `MALFORMED`. */
export function parseFault(text: string): PlantedFault {
  const [kind, value] = text.split('=')
  if (kind === 'scale' && value?.trim() && Number.isFinite(Number(value))) return { kind, factor: Number(value) }
  if ((kind === 'constant' || kind === 'silent') && value === undefined) return { kind }
  if (kind === 'stall' && (value === 'commit' || value === 'reveal')) return { kind, at: value }
  throw fault({
    code: 'MALFORMED',
    what: 'fault',
    why: `"${text.slice(0, 40)}" is none of scale=FACTOR, constant, silent, stall=commit, stall=reveal`,
  })
}

/** Where an executor with this fault falls silent, if it does. */
export const silenceOf = (planted: PlantedFault | undefined): Silence | undefined =>
  planted?.kind === 'silent' ? 'award' : planted?.kind === 'stall' ? planted.at : undefined

/** The engine with the fault in it: everything but its outputs is as it was. */
export function plantFault(engine: InferenceEngine, planted: PlantedFault): InferenceEngine {
  let first: Tensors | undefined
  const alter = (outputs: Tensors): Tensors => {
    if (planted.kind === 'scale') return mapTensors(outputs, (tensor) => scaled(tensor, planted.factor))
    return planted.kind === 'constant' ? (first ??= outputs) : outputs
  }
  return {
    info: engine.info,
    has: (model) => engine.has(model),
    load: (model, options) => engine.load(model, options),
    run: async (model, inputs, options) => {
      const result = await engine.run(model, inputs, options)
      return { ...result, outputs: alter(result.outputs) }
    },
    close: () => engine.close(),
  }
}

const mapTensors = (tensors: Tensors, change: (tensor: Tensor) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]))

function scaled(tensor: Tensor, factor: number): Tensor {
  if (tensor.dtype !== 'float32') return tensor
  const values = new Float32Array(tensor.data.slice().buffer)
  return { ...tensor, data: new Uint8Array(values.map((value) => value * factor).buffer) }
}
