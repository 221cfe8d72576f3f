import { fault } from '../../domain/fault.ts'
import type { DType } from '../../domain/tensor.ts'
import { bytes, integer, readMessage, text, type Budget } from './wire.ts'

/** Operators in all graphs of a model: forty times the largest vision model measured. */
const MAX_NODES = 100_000

/** Graphs inside attributes of operators inside graphs: exporters reach 3. */
const MAX_DEPTH = 8

/** Characters of a name: exporters write paths of a few hundred. */
const MAX_NAME = 1_024

/** Characters of the name of an input or an output: what a manifest may hold. */
const MAX_VALUE_NAME = 256

/** Inputs, outputs and dimensions: what a person or a page can still be asked for. */
const MAX_VALUES = 256
const MAX_RANK = 16

/** Elements along one dimension: the largest that every engine can index. */
const MAX_DIMENSION = 2 ** 31 - 1

/** TensorProto.DataType, as far as Moot carries it. */
export const DTYPES: readonly (DType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  undefined,
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
]

/** TensorProto.DataType of the types with fewer bits than float32, whose rounding differs between engines: float16, bfloat16, float8, float4. */
const SMALL_FLOATS = new Set([10, 16, 17, 18, 19, 20, 23])

const CAST_TARGET = 'to'
const EXTERNAL = 1

export interface Operator {
  readonly domain: string
  readonly type: string
}

interface DeclaredValue {
  readonly name: string
  /** Undefined where it is no tensor, or one of strings or of a type that is not carried. */
  readonly dtype: DType | undefined
  /** Undefined where no shape is declared. */
  readonly dims: readonly (number | null)[] | undefined
}

/** What is gathered from a graph and the graphs inside it. Inputs, outputs and what is made are the outermost graph's. */
export interface Graph {
  readonly budget: Budget
  readonly inputs: DeclaredValue[]
  readonly outputs: DeclaredValue[]
  readonly initialisers: Set<string>
  readonly operators: Map<string, Operator>
  readonly made: { readonly name: string; readonly operator: string }[]
  nodes: number
  initialiserBytes: number
  externalData: boolean
  smallFloats: boolean
  trains: boolean
}

/** Reads the parts of one GraphProto (onnx/onnx.proto) as protobuf would merge them. */
export function readGraph(parts: readonly Uint8Array[], budget: Budget): Graph {
  const graph: Graph = {
    budget,
    inputs: [],
    outputs: [],
    initialisers: new Set(),
    operators: new Map(),
    made: [],
    nodes: 0,
    initialiserBytes: 0,
    externalData: false,
    smallFloats: false,
    trains: false,
  }
  for (const part of parts) readPart(part, graph, 0)
  return graph
}

function readPart(part: Uint8Array, graph: Graph, depth: number): void {
  if (depth >= MAX_DEPTH) throw refused(`its graphs lie inside one another deeper than ${MAX_DEPTH}`)
  const outermost = depth === 0
  readMessage(part, graph.budget, {
    1: bytes((node) => readNode(node, graph, depth)),
    5: bytes((tensor) => {
      const initialiser = readTensor(tensor, graph)
      if (outermost) graph.initialisers.add(initialiser)
    }),
    11: bytes((value) => {
      const declared = readValue(value, graph)
      if (outermost) graph.inputs.push(listed(declared))
    }),
    12: bytes((value) => {
      const declared = readValue(value, graph)
      if (outermost) graph.outputs.push(listed(declared))
    }),
    13: bytes((value) => void readValue(value, graph)),
    15: bytes(() => {
      throw refused('it has sparse weights')
    }),
  })
  if (graph.inputs.length - graph.initialisers.size > MAX_VALUES) throw refused(`it has more than ${MAX_VALUES} inputs`)
  if (graph.outputs.length > MAX_VALUES) throw refused(`it has more than ${MAX_VALUES} outputs`)
}

function readNode(node: Uint8Array, graph: Graph, depth: number): void {
  if (++graph.nodes > MAX_NODES) throw refused(`it has more than ${MAX_NODES} operators`)
  let [type, domain] = ['', '']
  const inputs: string[] = []
  const outputs: string[] = []
  readMessage(node, graph.budget, {
    1: name((value) => inputs.push(value)),
    2: name((value) => outputs.push(value)),
    4: name((value) => (type = value)),
    5: bytes((attribute) => readAttribute(attribute, graph, depth)),
    7: name((value) => (domain = value)),
  })
  graph.operators.set(`${domain} ${type}`, { domain, type })
  if (type === 'Dropout' && inputs[2]) graph.trains = true
  if (depth === 0) for (const output of outputs) if (output !== '') graph.made.push({ name: output, operator: type })
}

function readAttribute(attribute: Uint8Array, graph: Graph, depth: number): void {
  let [key, value] = ['', 0]
  const tensor = bytes((data) => void readTensor(data, graph))
  const body = bytes((data) => readPart(data, graph, depth + 1))
  readMessage(attribute, graph.budget, {
    1: name((found) => (key = found)),
    3: integer((found) => (value = found)),
    5: tensor,
    6: body,
    10: tensor,
    11: body,
  })
  if (key === CAST_TARGET && SMALL_FLOATS.has(value)) graph.smallFloats = true
}

/** Returns the tensor's name. */
function readTensor(tensor: Uint8Array, graph: Graph): string {
  let own = ''
  readMessage(tensor, graph.budget, {
    2: integer((type) => {
      if (SMALL_FLOATS.has(type)) graph.smallFloats = true
    }),
    8: name((value) => (own = value)),
    13: bytes(() => (graph.externalData = true)),
    14: integer((location) => {
      if (location === EXTERNAL) graph.externalData = true
    }),
  })
  graph.initialiserBytes += tensor.length
  return own
}

function readValue(value: Uint8Array, graph: Graph): DeclaredValue {
  let own = ''
  let dtype: DType | undefined
  let dims: (number | null)[] | undefined
  const dimension = bytes((data) => {
    let size: number | null = null
    readMessage(data, graph.budget, { 1: integer((n) => (size = n > 0 ? n : null)) })
    if (size !== null && size > MAX_DIMENSION) throw refused(`"${own}" has a dimension past ${MAX_DIMENSION}`)
    dims = [...(dims ?? []), size]
    if (dims.length > MAX_RANK) throw refused(`"${own}" has more than ${MAX_RANK} dimensions`)
  })
  const tensorType = bytes((data) =>
    readMessage(data, graph.budget, {
      1: integer((type) => {
        dtype = DTYPES[type]
        if (SMALL_FLOATS.has(type)) graph.smallFloats = true
      }),
      2: bytes((shape) => {
        dims ??= []
        readMessage(shape, graph.budget, { 1: dimension })
      }),
    }),
  )
  readMessage(value, graph.budget, {
    1: name((found) => (own = found)),
    2: bytes((type) => readMessage(type, graph.budget, { 1: tensorType })),
  })
  return { name: own, dtype, dims }
}

function listed(value: DeclaredValue): DeclaredValue {
  if (value.name.length <= MAX_VALUE_NAME) return value
  throw refused(`it names an input or an output with more than ${MAX_VALUE_NAME} characters`)
}

const name = (found: (name: string) => void) =>
  text((value) => {
    if (value.length > MAX_NAME) throw refused(`it has a name longer than ${MAX_NAME} characters`)
    found(value)
  })

const refused = (why: string) => fault({ code: 'MODEL_REFUSED', why })
