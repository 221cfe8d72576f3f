import { isConstant, readNode } from '../read-node.ts'
import { readTensor } from '../read-tensor.ts'
import { readValue } from '../read-value.ts'
import { reading, refused } from '../refusals.ts'
import { MAX_FIELDS, type Budget } from '../wire.ts'
import { capturedBy } from './captures.ts'
import { fieldsOf, type WireField } from './fields.ts'

/** ModelProto and GraphProto (onnx/onnx.proto): the fields that an operator's own model is made of. */
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8 } as const
const GRAPH = { node: 1, initialiser: 5, input: 11 } as const

/** Format version and operator sets: a model names a handful. */
const MAX_HEAD = 64

/** An operator of the main graph. */
export interface NodePart {
  readonly field: WireField
  readonly type: string
  readonly name: string
  /** Named ones, each once; what bodies capture comes after what the operator itself takes. */
  readonly takes: readonly string[]
  readonly makes: readonly string[]
  /** Its values are part of the model, as weights are. */
  readonly isConstant: boolean
}

/** A model's parts, each with its bytes as they were written. */
export interface Anatomy {
  /** Format version and operator sets. */
  readonly head: readonly Uint8Array[]
  readonly nodes: readonly NodePart[]
  /** Weights by name. Of two that share one, the later counts. */
  readonly initialisers: ReadonlyMap<string, WireField>
  /** Declared inputs by name. Old files, and those that let a caller replace weights, declare weights here too. */
  readonly inputs: ReadonlyMap<string, WireField>
}

/** Takes a model apart whose bytes were inspected. Throws `MODEL_REFUSED` where nobody could say what makes a value. */
export function dissect(model: Uint8Array): Anatomy {
  const { nodes, ...parts } = reading(() => readParts(model))
  const known = new Set([...parts.initialisers.keys(), ...parts.inputs.keys()])
  for (const name of nodes.flatMap(({ makes }) => makes)) {
    if (known.has(name)) throw refused(`it has two values named "${name}"`)
    known.add(name)
  }
  return { ...parts, nodes: nodes.map((node) => partOf(node, known)) }
}

/** An operator as it stands in the file. */
interface ReadNode extends Omit<NodePart, 'takes'> {
  readonly inputs: readonly string[]
  /** Names that bodies use and do not bind. */
  readonly captured: ReadonlySet<string>
}

function readParts(model: Uint8Array): Omit<Anatomy, 'nodes'> & { readonly nodes: readonly ReadNode[] } {
  const budget: Budget = { fields: MAX_FIELDS }
  const head: Uint8Array[] = []
  const nodes: ReadNode[] = []
  const initialisers = new Map<string, WireField>()
  const inputs = new Map<string, WireField>()
  const graphField = (field: WireField) => {
    if (field.number === GRAPH.node) nodes.push(readPart(field, budget))
    if (field.number === GRAPH.initialiser) initialisers.set(readTensor(field.content, budget).name, field)
    if (field.number === GRAPH.input) inputs.set(readValue(field.content, budget).name, field)
  }
  for (const field of fieldsOf(model, budget)) {
    if (field.number === MODEL.irVersion || field.number === MODEL.opsetImport) head.push(field.raw)
    if (head.length > MAX_HEAD) throw refused(`it names more than ${MAX_HEAD} operator sets`)
    if (field.number === MODEL.graph) for (const part of fieldsOf(field.content, budget)) graphField(part)
  }
  return { head, nodes, initialisers, inputs }
}

function readPart(field: WireField, budget: Budget): ReadNode {
  const captured = new Set<string>()
  const facts = readNode(field.content, budget, (attribute) => {
    for (const name of capturedBy(attribute, budget)) captured.add(name)
  })
  const { type, name, inputs, outputs } = facts
  return { field, type, name, inputs, captured, makes: outputs.filter(named), isConstant: isConstant(facts) }
}

function partOf({ inputs, captured, ...node }: ReadNode, known: ReadonlySet<string>): NodePart {
  const taken = inputs.filter(named)
  const unknown = taken.find((name) => !known.has(name))
  if (unknown !== undefined) throw refused(`nothing makes "${unknown}", which ${node.type} takes`)
  // A name that a body uses and nobody outside has stands in an attribute that nothing reads.
  const outside = [...captured].filter((name) => named(name) && known.has(name))
  return { ...node, takes: [...new Set([...taken, ...outside])] }
}

const named = (name: string): boolean => name !== ''
