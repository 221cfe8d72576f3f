import type { ValueInfo } from '../../domain/manifest.ts'
import type { Tensor } from '../../domain/tensor.ts'
import { typeOf } from './read-tensor.ts'
import { putBytes, putInteger, putMessage, putText, written, type Part } from './wire.ts'

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { integer: 2, graph: 5, integers: 7 } as const

/** The file format that opset 17 came with. */
const IR_VERSION = 8

/** An operator of a model under construction. */
export interface NodeInit {
  readonly type: string
  readonly domain?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeInit>>
}

/** An integer, integers, a graph, or an AttributeProto's fields as they shall be written. */
export type AttributeInit = number | readonly number[] | GraphInit | Part

export interface GraphInit {
  readonly nodes: readonly NodeInit[]
  readonly initialisers?: Readonly<Record<string, Tensor>>
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

/** The bytes of a small ONNX model (onnx/onnx.proto), for self-tests and tests. */
export const buildModel = (graph: GraphInit, { opset = 17 }: { opset?: number } = {}): Uint8Array =>
  written(
    putInteger(1, IR_VERSION),
    putMessage(8, putText(1, ''), putInteger(2, opset)),
    putMessage(7, ...graphParts(graph)),
  )

const graphParts = ({ nodes, initialisers = {}, inputs, outputs }: GraphInit): Part[] => [
  ...nodes.map((node) => putMessage(1, ...nodeParts(node))),
  putText(2, 'graph'),
  ...Object.entries(initialisers).map(([name, tensor]) => putMessage(5, ...tensorParts(name, tensor))),
  ...inputs.map((value) => putMessage(11, ...valueParts(value))),
  ...outputs.map((value) => putMessage(12, ...valueParts(value))),
]

const nodeParts = ({ type, domain, inputs, outputs, attributes = {} }: NodeInit): Part[] => [
  ...inputs.map((name) => putText(1, name)),
  ...outputs.map((name) => putText(2, name)),
  putText(4, type),
  ...Object.entries(attributes).map(([name, value]) => putMessage(5, putText(1, name), ...attributeParts(value))),
  ...(domain === undefined ? [] : [putText(7, domain)]),
]

function attributeParts(value: AttributeInit): Part[] {
  if (typeof value === 'function') return [value]
  if (typeof value === 'number') return [putInteger(3, value), putInteger(20, ATTRIBUTE.integer)]
  if ('nodes' in value) return [putMessage(6, ...graphParts(value)), putInteger(20, ATTRIBUTE.graph)]
  return [...value.map((item) => putInteger(8, item)), putInteger(20, ATTRIBUTE.integers)]
}

/** The fields of a TensorProto. */
export const tensorParts = (name: string, { dtype, dims, data }: Tensor): Part[] => [
  ...dims.map((n) => putInteger(1, n)),
  putInteger(2, typeOf(dtype)),
  putText(8, name),
  putBytes(9, data),
]

/** The fields of a ValueInfoProto. */
export const valueParts = ({ name, dtype, dims }: ValueInfo): Part[] => [
  putText(1, name),
  putMessage(
    2,
    putMessage(1, putInteger(1, typeOf(dtype)), putMessage(2, ...dims.map((n) => putMessage(1, ...sizeParts(n))))),
  ),
]

const sizeParts = (size: number | null): Part[] => [size === null ? putText(2, 'any') : putInteger(1, size)]
