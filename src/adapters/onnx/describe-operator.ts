import { WireType } from '@bufbuild/protobuf/wire'
import type { DType } from '../../domain/tensor.ts'
import { dtypeOf } from './read-tensor.ts'
import { bytes, integer, integers, MAX_FIELDS, readMessage, text, type Budget, type Field } from './wire.ts'

/** Numbers of a list that are written out, and characters of a text. */
const MAX_LISTED = 16
const MAX_TEXT = 64

/** What the file of one operator says of it. */
export interface OperatorDescription {
  readonly opset: number
  /** Of the last operator in the file, as a person reads them: `kernel_shape` → `[3]`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly weights: readonly { readonly name: string; readonly dtype: DType; readonly dims: readonly number[] }[]
}

/** Reads a small model of ours (onnx/onnx.proto, ModelProto): one operator that was cut out of another. */
export function describeOperator(model: Uint8Array): OperatorDescription {
  const budget: Budget = { fields: MAX_FIELDS }
  let [opset, attributes]: [number, Record<string, string>] = [1, {}]
  const weights: OperatorDescription['weights'][number][] = []
  readMessage(model, budget, {
    7: bytes((graph) =>
      readMessage(graph, budget, {
        1: bytes((node) => (attributes = attributesOf(node, budget))),
        5: bytes((tensor) => {
          const weight = weightOf(tensor, budget)
          if (weight) weights.push(weight)
        }),
      }),
    ),
    8: bytes((entry) => {
      let [domain, version] = ['', 0]
      readMessage(entry, budget, { 1: text((found) => (domain = found)), 2: integer((found) => (version = found)) })
      if (domain === '' || domain === 'ai.onnx') opset = version
    }),
  })
  return { opset, attributes, weights }
}

function attributesOf(node: Uint8Array, budget: Budget): Record<string, string> {
  const found: [string, string][] = []
  readMessage(node, budget, { 5: bytes((attribute) => found.push(attributeOf(attribute, budget))) })
  return Object.fromEntries(found)
}

/** An AttributeProto's name, and its value in words. */
function attributeOf(attribute: Uint8Array, budget: Budget): [string, string] {
  let [name, value] = ['', '']
  const list: number[] = []
  const decoder = new TextDecoder()
  readMessage(attribute, budget, {
    1: text((found) => (name = found)),
    2: float((found) => (value = String(found))),
    3: integer((found) => (value = String(found))),
    4: bytes((found) => (value = JSON.stringify(decoder.decode(found.subarray(0, MAX_TEXT))))),
    5: bytes(() => (value = 'a tensor')),
    6: bytes(() => (value = 'a graph')),
    7: float((found) => list.push(found)),
    8: integers((found) => list.push(found)),
  })
  const listed = list.length > MAX_LISTED ? [...list.slice(0, MAX_LISTED), '…'] : list
  return [name.slice(0, MAX_TEXT), list.length > 0 ? `[${listed.join(', ')}]` : value]
}

function weightOf(tensor: Uint8Array, budget: Budget): OperatorDescription['weights'][number] | undefined {
  let [name, type] = ['', 0]
  const dims: number[] = []
  readMessage(tensor, budget, {
    1: integers((n) => dims.push(n)),
    2: integer((found) => (type = found)),
    8: text((found) => (name = found)),
  })
  const dtype = dtypeOf(type)
  return dtype && { name, dtype, dims }
}

/** A float, or a repeated one: a field for each, or all packed into one. To six digits, which is what people write. */
const float = (found: (value: number) => void): Field => ({
  wires: [WireType.Bit32, WireType.LengthDelimited],
  read: (reader, wire) => {
    const end = wire === WireType.Bit32 ? reader.pos + 4 : reader.uint32() + reader.pos
    while (reader.pos < end) found(Number(reader.float().toPrecision(6)))
  },
})
