import { MAX_FILES } from '../../domain/manifest.ts'
import { readNode } from './read-node.ts'
import { bytesFor, isSmallFloat, MOST, readTensor } from './read-tensor.ts'
import { readValue, type DeclaredValue } from './read-value.ts'
import { admitOperator, refused, type Operator } from './refusals.ts'
import { bytes, integer, name, readMessage, type Budget } from './wire.ts'

/** Operators in all graphs of a model, and the values of its main graph: forty times the largest vision model measured. */
const MAX_NODES = 100_000

/** Kinds of operators: three times what the canon has. */
const MAX_KINDS = 1_000

/** Graphs inside attributes of operators inside graphs: exporters reach 3. */
const MAX_DEPTH = 8

/** Characters of the name of an input or an output: what a manifest may hold. */
const MAX_VALUE_NAME = 256

/** Inputs and outputs: what a person or a page can still be asked for. */
const MAX_VALUES = 256

/** Attributes that say of which type an operator makes its values. */
const TYPES = new Set(['to', 'dtype', 'output_dtype', 'output_datatype'])

/** What is gathered from a graph and the graphs inside it. Inputs, outputs and what is made are the outermost graph's. */
export interface Graph {
  readonly budget: Budget
  readonly inputs: DeclaredValue[]
  readonly outputs: DeclaredValue[]
  readonly initialisers: Set<string>
  readonly operators: Map<string, Operator & { count: number }>
  readonly made: { readonly name: string; readonly operator: string }[]
  /** Bytes that each file beside the model's must have, by its path. */
  readonly weights: Map<string, number>
  nodes: number
  /** Numbers in all weights, and their bytes. */
  parameters: number
  weightBytes: number
  /** Of all inputs, outputs and intermediates, as far as they are declared. */
  valueBytes: number
  smallFloats: boolean
}

export const emptyGraph = (budget: Budget): Graph => ({
  budget,
  inputs: [],
  outputs: [],
  initialisers: new Set(),
  operators: new Map(),
  made: [],
  weights: new Map(),
  nodes: 0,
  parameters: 0,
  weightBytes: 0,
  valueBytes: 0,
  smallFloats: false,
})

/**
 * Adds what a part of a GraphProto (onnx/onnx.proto) says: the whole of it, or some of its fields, since protobuf reads a
 * message in parts as it reads one in a piece. Rejects with `MODEL_REFUSED` as soon as something may not be run.
 */
export function readGraph(part: Uint8Array, graph: Graph, depth = 0): void {
  if (depth >= MAX_DEPTH) throw refused(`its graphs lie inside one another deeper than ${MAX_DEPTH}`)
  const outermost = depth === 0
  const declared = (most: number, list?: DeclaredValue[]) =>
    bytes((data) => {
      const value = readValue(data, graph.budget)
      graph.valueBytes += value.bytes
      if (isSmallFloat(value.type)) graph.smallFloats = true
      if (!outermost || !list) return
      if (list.push(listed(value)) > most) throw refused(`it has more than ${most} inputs or outputs`)
    })
  readMessage(part, graph.budget, {
    1: bytes((node) => addNode(node, graph, depth)),
    5: bytes((tensor) => {
      const initialiser = addTensor(tensor, graph)
      if (!outermost) return
      graph.initialisers.add(initialiser)
      if (graph.initialisers.size > MAX_NODES) throw refused(`it has more than ${MAX_NODES} weights`)
    }),
    // Old files list their weights among the inputs.
    11: declared(MAX_NODES, graph.inputs),
    12: declared(MAX_VALUES, graph.outputs),
    13: declared(0),
    15: bytes(() => {
      throw refused('it has sparse weights')
    }),
  })
}

/** The inputs that a caller must give: initialisers that are also listed as inputs are left out. */
export function givenInputs({ inputs, initialisers }: Graph): DeclaredValue[] {
  const given = inputs.filter((input) => !initialisers.has(input.name))
  if (given.length > MAX_VALUES) throw refused(`it has more than ${MAX_VALUES} inputs`)
  return given
}

function addNode(node: Uint8Array, graph: Graph, depth: number): void {
  if (++graph.nodes > MAX_NODES) throw refused(`it has more than ${MAX_NODES} operators`)
  const { type, domain, inputs, outputs } = readNode(node, graph.budget, (attribute) =>
    readAttribute(attribute, graph, depth),
  )
  const operator = { domain, type }
  admitOperator(operator, inputs)
  const key = `${domain} ${type}`
  graph.operators.set(key, { ...operator, count: (graph.operators.get(key)?.count ?? 0) + 1 })
  if (graph.operators.size > MAX_KINDS) throw refused(`it has more than ${MAX_KINDS} kinds of operators`)
  if (depth > 0) return
  for (const output of outputs) if (output !== '') graph.made.push({ name: output, operator: type })
  if (graph.made.length > 2 * MAX_NODES) throw refused(`its operators make more than ${2 * MAX_NODES} values`)
}

function readAttribute(attribute: Uint8Array, graph: Graph, depth: number): void {
  let [key, value] = ['', 0]
  const tensor = bytes((data) => void addTensor(data, graph))
  const body = bytes((data) => readGraph(data, graph, depth + 1))
  readMessage(attribute, graph.budget, {
    1: name((found) => (key = found)),
    3: integer((found) => (value = found)),
    5: tensor,
    6: body,
    10: tensor,
    11: body,
  })
  if (TYPES.has(key) && isSmallFloat(value)) graph.smallFloats = true
}

/** Returns the tensor's name. */
function addTensor(tensor: Uint8Array, graph: Graph): string {
  const { name: own, type, elements, elsewhere } = readTensor(tensor, graph.budget)
  if (isSmallFloat(type)) graph.smallFloats = true
  graph.parameters = Math.min(MOST, graph.parameters + elements)
  graph.weightBytes += bytesFor(type, elements)
  if (elsewhere) {
    const { path, bytes: needed } = elsewhere
    graph.weights.set(path, Math.max(needed, graph.weights.get(path) ?? 0))
    if (graph.weights.size >= MAX_FILES) throw refused(`its weights lie in more than ${MAX_FILES - 1} files`)
  }
  return own
}

function listed(value: DeclaredValue): DeclaredValue {
  if (value.name.length <= MAX_VALUE_NAME) return value
  throw refused(`it names an input or an output with more than ${MAX_VALUE_NAME} characters`)
}
