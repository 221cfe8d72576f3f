import { isConstant, readNode } from '../read-node.ts'
import { MAX_FIELDS, putMessage, putText, written, type Budget } from '../wire.ts'
import { around, joined, replaced, type WireField } from './fields.ts'

/** ModelProto, GraphProto and NodeProto (onnx/onnx.proto). */
const MODEL_GRAPH = 7
const GRAPH_NODE = 1
const NODE = { input: 1, output: 2, type: 4 } as const

/** Follows the name of a value that its operator made, before it is rounded. */
const SUFFIX = '/unrounded'

/**
 * A model in which each value is rounded to its type before another operator takes it. The engine computes half precision in
 * single, and hands an operator what the one before it had before rounding: then nobody could replay it alone. `Identity`, which
 * it computes in half precision, stands between them where every value is exposed as well.
 */
export function roundingValues(model: Uint8Array): Uint8Array {
  const budget: Budget = { fields: MAX_FIELDS }
  const rounded = (graph: WireField) =>
    replaced(graph.content, budget, (field) => (field.number === GRAPH_NODE ? roundedNode(field, budget) : undefined))
  return joined(
    replaced(model, budget, (field) =>
      field.number === MODEL_GRAPH ? around(MODEL_GRAPH, rounded(field)) : undefined,
    ),
  )
}

/** An operator, as pieces, and behind it an `Identity` for each value that it makes. Undefined for a constant, which stays as it is. */
function roundedNode(node: WireField, budget: Budget): Uint8Array[] | undefined {
  const facts = readNode(node.content, budget, () => {})
  if (isConstant(facts)) return undefined
  const kept = replaced(node.content, budget, ({ number }) => (number === NODE.output ? [] : undefined))
  const unrounded = facts.outputs.map((name) => putText(NODE.output, name && name + SUFFIX))
  const identities = facts.outputs.flatMap((name) => (name === '' ? [] : [identity(name + SUFFIX, name)]))
  return [...around(GRAPH_NODE, [...kept, written(...unrounded)]), ...identities]
}

const identity = (from: string, to: string): Uint8Array =>
  written(putMessage(GRAPH_NODE, putText(NODE.input, from), putText(NODE.output, to), putText(NODE.type, 'Identity')))
