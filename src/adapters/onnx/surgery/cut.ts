import { fault } from '../../../domain/fault.ts'
import { MAX_MODEL } from '../../../domain/manifest.ts'
import type { Tensors } from '../../../domain/tensor.ts'
import type { Leaf } from '../../../ports/surgery.ts'
import { valueParts } from '../build-model.ts'
import { refused } from '../refusals.ts'
import { putMessage, putText, written } from '../wire.ts'
import type { Anatomy } from './dissect.ts'
import { around, joined, lengthOf, type WireField } from './fields.ts'
import type { Plan } from './plan.ts'
import { roundingValues } from './round-values.ts'

/** ModelProto and GraphProto (onnx/onnx.proto): what is written anew. */
const MODEL_GRAPH = 7
const GRAPH = { name: 2, input: 11, output: 12 } as const
const VALUE_NAME = 1

/** What a model is cut out of. */
export interface Source {
  readonly anatomy: Anatomy
  readonly plan: Plan
  /** Whether some numbers take fewer bits than single precision: see `round-values`. */
  readonly rounds: boolean
  /** The bytes of an operator or of a weight, with what it keeps in files beside the model. */
  readonly piecesOf: (field: WireField, kind: 'node' | 'tensor') => readonly Uint8Array[]
}

/** A model of some operators alone. What it has of the file keeps its bytes, and all comes in the order of computing: the cut is the same everywhere. */
export function cut(
  { anatomy, plan, rounds, piecesOf }: Source,
  { operators, needs }: Leaf,
  values: Tensors,
  wanted: readonly string[] | undefined,
): Uint8Array {
  const own = new Set(operators)
  const inside = plan.withConstants(operators)
  const nodes = inside.map((operator) => plan.node(operator))
  const weights = [...new Set(nodes.flatMap(({ takes }) => takes))].flatMap((name) => {
    const field = anatomy.initialisers.get(name)
    return field ? [{ field, declared: anatomy.inputs.get(name)?.raw }] : []
  })
  const makes = inside.filter((operator) => own.has(operator)).flatMap((operator) => plan.node(operator).makes)
  const pieces = around(MODEL_GRAPH, [
    ...nodes.flatMap(({ field }) => piecesOf(field, 'node')),
    written(putText(GRAPH.name, 'leaf')),
    ...weights.flatMap(({ field }) => piecesOf(field, 'tensor')),
    ...needs.map((name) => given(name, values)),
    // A weight that the file declares as an input stays one: the engine treats it as one that may be replaced.
    ...weights.flatMap(({ declared }) => declared ?? []),
    ...outputsOf(makes, wanted).map((name) => written(putMessage(GRAPH.output, putText(VALUE_NAME, name)))),
  ])
  const whole = [...anatomy.head, ...pieces]
  const bytes = lengthOf(whole)
  if (bytes > MAX_MODEL) throw fault({ code: 'TOO_LARGE', what: 'operator', bytes, limit: MAX_MODEL })
  // What one operator alone makes leaves as it is rounded anyway.
  return rounds && own.size > 1 ? roundingValues(joined(whole)) : joined(whole)
}

function given(name: string, values: Tensors): Uint8Array {
  const tensor = values[name]
  if (!tensor) throw refused(`"${name}" is not given`)
  const { dtype, dims } = tensor
  return written(putMessage(GRAPH.input, ...valueParts({ name, dtype, dims })))
}

function outputsOf(makes: readonly string[], wanted: readonly string[] | undefined): readonly string[] {
  if (!wanted) return makes
  const asked = new Set(wanted)
  const outputs = makes.filter((name) => asked.has(name))
  if (outputs.length < asked.size) throw refused('an output is wanted that these operators do not make')
  return outputs
}
