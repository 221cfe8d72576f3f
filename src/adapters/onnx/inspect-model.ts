import { fault } from '../../domain/fault.ts'
import { MAX_MODEL, type Arithmetic, type ValueInfo } from '../../domain/manifest.ts'
import { arithmeticOf } from './arithmetic.ts'
import { emptyGraph, givenInputs, readGraph, type Graph } from './read-graph.ts'
import { readEntry } from './read-tensor.ts'
import type { DeclaredValue } from './read-value.ts'
import { admitFormat, admitOpset, notOnnx, reading, refused, standard, type Operator } from './refusals.ts'
import { bytes, integer, MAX_FIELDS, readMessage, text } from './wire.ts'

/** Entries of metadata, and characters of a key or a value: what exporters write is shorter. What is longer is left out. */
const MAX_METADATA = 64
const MAX_ENTRY = 1_024

/** Weights that one byte can hold: the smallest types take two bits. */
const WEIGHTS_PER_BYTE = 4

/** A value that an operator of the main graph makes. */
export interface TracedValue {
  readonly name: string
  /** The type of the operator that makes it, such as `Conv`. */
  readonly operator: string
}

/** What an ONNX file says of itself. */
export interface ModelFacts {
  /** Of the standard operators. */
  readonly opset: number
  /** What a caller must give: initialisers that are also listed as inputs are left out. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Names of outputs whose type or shape the file leaves for the engine to infer; they are not among `outputs`. */
  readonly undeclaredOutputs: readonly string[]
  /** Every kind of operator used, bodies of `If` and `Loop` included. */
  readonly operators: readonly (Operator & { readonly count: number })[]
  /** Numbers in the weights, those of `Constant` included. */
  readonly parameters: number
  /** Bytes of a run: the weights twice, in the file and unpacked, and what is declared of inputs, outputs and intermediates. */
  readonly memory: number
  readonly arithmetic: Arithmetic
  /** Files in which weights lie, with the bytes that each must have. */
  readonly weights: readonly { readonly path: string; readonly bytes: number }[]
  readonly metadata: Readonly<Record<string, string>>
  /** The values that operators of the main graph make, in topological order. */
  readonly trace: readonly TracedValue[]
  /** Those of them that are not outputs. */
  readonly intermediates: readonly string[]
}

/**
 * Reads what an ONNX file (onnx/onnx.proto, ModelProto) declares, without running anything. Time and memory are bounded
 * by the size of the file. Rejects with `TOO_LARGE`, `MODEL_NOT_ONNX` for bytes that are no model, and `MODEL_REFUSED`
 * with what about the model no tab may run.
 */
export function inspectModel(model: Uint8Array): ModelFacts {
  if (model.length > MAX_MODEL) {
    throw fault({ code: 'TOO_LARGE', what: 'model', bytes: model.length, limit: MAX_MODEL })
  }
  const reader = new ModelReader()
  return reading(() => {
    reader.model(model)
    return reader.facts(model.length)
  })
}

/** Reads a model in one part or in many: protobuf merges the parts of a message. */
export class ModelReader {
  readonly #graph: Graph = emptyGraph({ fields: MAX_FIELDS })
  readonly #metadata = new Map<string, string>()
  #format = 0
  #opset = 1

  /** Some fields of the ModelProto, or all. */
  model(part: Uint8Array): void {
    const { budget } = this.#graph
    readMessage(part, budget, {
      1: integer((version) => {
        this.#format = version
        admitFormat(version)
      }),
      7: bytes((graph) => this.graph(graph)),
      8: bytes((entry) => {
        let [domain, version] = ['', 0]
        readMessage(entry, budget, { 1: text((found) => (domain = found)), 2: integer((found) => (version = found)) })
        admitOpset(domain, version)
        if (standard(domain) === '') this.#opset = version
      }),
      14: bytes((entry) => {
        const [key, value] = readEntry(entry, budget)
        if (this.#metadata.size < MAX_METADATA && Math.max(key.length, value.length) <= MAX_ENTRY)
          this.#metadata.set(key, value)
      }),
      25: bytes(() => {
        throw refused('it defines operators of its own. Export it with its functions inlined')
      }),
    })
  }

  /** Some fields of its GraphProto, or all. */
  graph(part: Uint8Array): void {
    readGraph(part, this.#graph)
  }

  /** What all the parts say together, of a file of so many bytes. */
  facts(fileBytes: number): ModelFacts {
    const graph = this.#graph
    if (graph.nodes === 0 || this.#format <= 0) throw notOnnx('there is no operator in it')
    if (graph.outputs.length === 0) throw refused('it has no output')
    const weights = [...graph.weights].map(([path, needed]) => ({ path, bytes: needed }))
    const room = weights.reduce((sum, file) => sum + file.bytes, fileBytes)
    if (graph.parameters > WEIGHTS_PER_BYTE * room) throw notOnnx('its weights are fewer than it says')
    const declared = new Set(graph.outputs.map(({ name }) => name))
    return {
      opset: this.#opset,
      inputs: givenInputs(graph).map(carriedInput),
      outputs: graph.outputs.flatMap(({ name, dtype, dims }) => (dtype && dims ? [{ name, dtype, dims }] : [])),
      undeclaredOutputs: graph.outputs.flatMap(({ name, dtype, dims }) => (dtype && dims ? [] : [name])),
      operators: [...graph.operators.values()],
      parameters: graph.parameters,
      memory: Math.min(Number.MAX_SAFE_INTEGER, 2 * graph.weightBytes + graph.valueBytes),
      arithmetic: arithmeticOf(graph),
      weights,
      metadata: Object.fromEntries(this.#metadata),
      trace: graph.made,
      intermediates: graph.made.map(({ name }) => name).filter((name) => !declared.has(name)),
    }
  }
}

function carriedInput({ name, dtype, dims }: DeclaredValue): ValueInfo {
  if (dtype === undefined) throw refused(`its input "${name}" is not a tensor of numbers`)
  if (dims === undefined) throw refused(`its input "${name}" does not declare its shape`)
  return { name, dtype, dims }
}
