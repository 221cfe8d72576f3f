import { isConstant, readNode } from '../read-node.ts'
import { MAX_FIELDS, putText, written, type Budget } from '../wire.ts'
import { around, fieldsOf, joined, type WireField } from './fields.ts'

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
  return joined(
    [...fieldsOf(model, budget)].flatMap((field) =>
      field.number === MODEL_GRAPH ? around(MODEL_GRAPH, roundedGraph(field.content, budget)) : [field.raw],
    ),
  )
}

const roundedGraph = (graph: Uint8Array, budget: Budget): Uint8Array[] =>
  [...fieldsOf(graph, budget)].flatMap((field) =>
    field.number === GRAPH_NODE ? roundedNode(field, budget).map(({ raw }) => raw) : [field.raw],
  )

/** An operator, and behind it an `Identity` for each value that it makes. Constants stay as they are. */
export function roundedNode(node: WireField, budget: Budget = { fields: MAX_FIELDS }): WireField[] {
  const facts = readNode(node.content, budget, () => {})
  if (isConstant(facts)) return [node]
  const kept = [...fieldsOf(node.content, budget)].filter(({ number }) => number !== NODE.output)
  const unrounded = facts.outputs.map((name) => putText(NODE.output, name && name + SUFFIX))
  const identities = facts.outputs.flatMap((name) =>
    name === ''
      ? []
      : written(putText(NODE.input, name + SUFFIX), putText(NODE.output, name), putText(NODE.type, 'Identity')),
  )
  return [joined([...kept.map(({ raw }) => raw), written(...unrounded)]), ...identities].map((content) => ({
    number: GRAPH_NODE,
    raw: joined(around(GRAPH_NODE, [content])),
    content,
  }))
}
