import { fault, MootError } from '../../domain/fault.ts'
import { MAX_MODEL, type Arithmetic, type ValueInfo } from '../../domain/manifest.ts'
import { arithmeticOf } from './arithmetic.ts'
import { readGraph, type Graph, type Operator } from './read-graph.ts'
import { bytes, integer, readMessage, text } from './wire.ts'

/** Protobuf fields read in one file: twenty for each operator that it may have, and a vocabulary. Half a second of work at most. */
const MAX_FIELDS = 4_000_000

/** A value that an operator of the main graph makes. */
export interface TracedValue {
  readonly name: string
  /** The type of the operator that makes it, such as `Conv`. */
  readonly operator: string
}

/** What an ONNX file says of itself. */
export interface ModelFacts {
  readonly irVersion: number
  /** Operator set versions by domain. The standard domain is `''`. */
  readonly opsets: Readonly<Record<string, number>>
  /** What a caller must give: initialisers that are also listed as inputs are left out. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Names of outputs whose type or shape the file leaves for the engine to infer; they are not among `outputs`. */
  readonly undeclaredOutputs: readonly string[]
  /** Every kind of operator used, bodies of `If` and `Loop` included. */
  readonly operators: readonly Operator[]
  readonly nodes: number
  readonly initialiserBytes: number
  /** True where weights lie in other files. */
  readonly externalData: boolean
  /** True where the file defines operators of its own. */
  readonly ownFunctions: boolean
  /** True where a `Dropout` may be told to drop at random. */
  readonly trains: boolean
  readonly arithmetic: Arithmetic
  /** The values that operators of the main graph make, in topological order. */
  readonly trace: readonly TracedValue[]
  /** Those of them that are not outputs. */
  readonly intermediates: readonly string[]
}

/**
 * Reads what an ONNX file (onnx/onnx.proto, ModelProto) declares, without running anything. Time and memory are bounded
 * by the size of the file. Rejects with `TOO_LARGE`, `MODEL_NOT_ONNX` for bytes that are no model, and `MODEL_REFUSED`
 * for a model past the limits of size or with inputs or outputs that Moot does not carry.
 */
export function inspectModel(model: Uint8Array): ModelFacts {
  if (model.length > MAX_MODEL) {
    throw fault({ code: 'TOO_LARGE', what: 'model', bytes: model.length, limit: MAX_MODEL })
  }
  try {
    return read(model)
  } catch (error) {
    if (error instanceof MootError) throw error
    throw fault({ code: 'MODEL_NOT_ONNX', why: 'its bytes are cut short or are something else' })
  }
}

function read(model: Uint8Array): ModelFacts {
  const budget = { fields: MAX_FIELDS }
  let irVersion = 0
  let ownFunctions = false
  const opsets: Record<string, number> = {}
  /** A field given twice is merged, as protobuf asks: parts of a graph may stand in several places. */
  const graphs: Uint8Array[] = []
  readMessage(model, budget, {
    1: integer((value) => (irVersion = value)),
    7: bytes((graph) => graphs.push(graph)),
    8: bytes((entry) => {
      let [domain, version] = ['', 0]
      readMessage(entry, budget, { 1: text((value) => (domain = value)), 2: integer((value) => (version = value)) })
      opsets[standard(domain)] = version
    }),
    25: bytes(() => (ownFunctions = true)),
  })
  if (graphs.length === 0 || irVersion <= 0) throw fault({ code: 'MODEL_NOT_ONNX', why: 'there is no graph in it' })
  const graph = readGraph(graphs, budget)
  if (graph.nodes === 0) throw fault({ code: 'MODEL_NOT_ONNX', why: 'there is no operator in it' })
  return { irVersion, opsets, ownFunctions, ...factsOf(graph) }
}

function factsOf(graph: Graph): Omit<ModelFacts, 'irVersion' | 'opsets' | 'ownFunctions'> {
  const declared = new Set(graph.outputs.map(({ name }) => name))
  return {
    inputs: graph.inputs.filter(({ name }) => !graph.initialisers.has(name)).map(carriedInput),
    outputs: graph.outputs.flatMap(({ name, dtype, dims }) => (dtype && dims ? [{ name, dtype, dims }] : [])),
    undeclaredOutputs: graph.outputs.flatMap(({ name, dtype, dims }) => (dtype && dims ? [] : [name])),
    operators: [...graph.operators.values()],
    nodes: graph.nodes,
    initialiserBytes: graph.initialiserBytes,
    externalData: graph.externalData,
    trains: graph.trains,
    arithmetic: arithmeticOf(graph),
    trace: graph.made,
    intermediates: graph.made.map(({ name }) => name).filter((name) => !declared.has(name)),
  }
}

function carriedInput({ name, dtype, dims }: Graph['inputs'][number]): ValueInfo {
  const refused = (why: string) => fault({ code: 'MODEL_REFUSED', why: `its input "${name}" ${why}` })
  if (dtype === undefined) throw refused('is not a tensor of numbers')
  if (dims === undefined) throw refused('does not declare its shape')
  return { name, dtype, dims }
}

/** The standard domain has two names. */
export const standard = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)
