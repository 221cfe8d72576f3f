import { WireType } from '@bufbuild/protobuf/wire'
import { inspectModel } from '../../src/adapters/onnx/inspect-model.ts'
import { readNode } from '../../src/adapters/onnx/read-node.ts'
import { dtypeOf, readTensor } from '../../src/adapters/onnx/read-tensor.ts'
import { dissect } from '../../src/adapters/onnx/surgery/dissect.ts'
import { bytes, integer, integers, readMessage, text } from '../../src/adapters/onnx/wire.ts'
import type { Tensor, Tensors } from '../../src/domain/tensor.ts'
import type { Attributes, Numbers, Operation } from './second-opinion.ts'

/** An operator of a model's main graph that a second opinion can be had on. */
export interface Computed {
  readonly operation: Operation
  /** The value that it made. */
  readonly output: string
}

const TYPES: readonly Operation['type'][] = ['Conv', 'MatMul', 'Gemm', 'Softmax']
const BUDGET = 1_000_000

/** Every Conv, MatMul, Gemm and Softmax of a model, with what it took in a run: `values` holds inputs and intermediates. */
export function operationsOf(model: Uint8Array, values: Tensors): Computed[] {
  const { opset } = inspectModel(model)
  const { nodes, initialisers } = dissect(model)
  const numbersOf = (name: string): Numbers | undefined => {
    const weight = initialisers.get(name)
    const tensor = weight ? weightOf(weight.content) : values[name]
    return tensor && numbersIn(tensor)
  }
  return nodes.flatMap(({ field, type: name }) => {
    const type = TYPES.find((one) => one === name)
    if (!type) return []
    const attributes: Record<string, Attributes[string]> = {}
    const { inputs, outputs } = readNode(field.content, { fields: BUDGET }, (attribute) => {
      const [key, value] = readAttribute(attribute)
      attributes[key] = value
    })
    return [{ operation: { type, opset, attributes, inputs: inputs.map(numbersOf) }, output: outputs[0] ?? '' }]
  })
}

/** A number, numbers or a text. */
function readAttribute(attribute: Uint8Array): [string, Attributes[string]] {
  let key = ''
  let value: Attributes[string] = 0
  const all: number[] = []
  readMessage(
    attribute,
    { fields: BUDGET },
    {
      1: text((found) => (key = found)),
      2: { wires: [WireType.Bit32], read: (reader) => (value = reader.float()) },
      3: integer((found) => (value = found)),
      4: text((found) => (value = found)),
      8: integers((found) => all.push(found)),
    },
  )
  return [key, all.length > 0 ? all : value]
}

/** A weight of floats, as the file holds it: raw, or one by one. */
function weightOf(tensor: Uint8Array): Tensor {
  const dims: number[] = []
  let data = new Uint8Array(0)
  readMessage(
    tensor,
    { fields: BUDGET },
    {
      1: integers((n) => dims.push(n)),
      4: bytes((packed) => (data = new Uint8Array(packed))),
      9: bytes((raw) => (data = new Uint8Array(raw))),
    },
  )
  const dtype = dtypeOf(readTensor(tensor, { fields: BUDGET }).type)
  if (!dtype || data.length === 0) throw new Error('a weight is of no type that is read here')
  return { dtype, dims, data }
}

export function numbersIn({ dtype, dims, data }: Tensor): Numbers {
  const aligned = new Uint8Array(data).buffer
  if (dtype === 'float32') return { dims, values: Float64Array.from(new Float32Array(aligned)) }
  if (dtype === 'float16') return { dims, values: Float64Array.from(new Uint16Array(aligned), fromHalf) }
  throw new Error(`no second opinion on ${dtype}`)
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}
