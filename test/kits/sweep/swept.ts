import type { NodeInit } from '../../../src/adapters/onnx/build-model.ts'
import { exposing } from '../../../src/adapters/onnx/expose.ts'
import { putInteger, putMessage, putText, written } from '../../../src/adapters/onnx/wire.ts'
import { seededInputs } from '../../../src/domain/seeded-inputs.ts'
import type { DType, Tensor, Tensors } from '../../../src/domain/tensor.ts'
import { buildModel, floats, longs, value } from '../onnx-builder.ts'

/** A small model about one operator, which takes and gives what other operators make and take, and inputs for it. */
export interface Swept {
  readonly name: string
  readonly opType: string
  readonly bytes: Uint8Array
  readonly inputs: Tensors
}

/** What an operator takes: given by the caller, a weight of the model, or nothing. */
type Operand = Tensor | { readonly weight: Tensor } | ''

export interface Options {
  readonly attributes?: NodeInit['attributes']
  /** Outputs that it makes, or the names of those; '' where one is left out. */
  readonly makes?: number | readonly string[]
  readonly opset?: number
  readonly domain?: string
  /** What about it this is, beside its type. */
  readonly as?: string
  /** Only the first operand goes in by itself: a body captures the others. */
  readonly captures?: true
  /** What stands behind it instead of an `Identity`, and takes `y0`. */
  readonly behind?: readonly NodeInit[]
}

export function swept(opType: string, operands: readonly Operand[], options: Options = {}): Swept {
  const { attributes = {}, makes = 1, opset = 17, domain, as, captures, behind } = options
  const outputs = typeof makes === 'number' ? Array.from({ length: makes }, (_, i) => `y${i}`) : makes
  const inputs: Record<string, Tensor> = {}
  const initialisers: Record<string, Tensor> = {}
  const names = operands.map((operand, i) => {
    if (operand === '') return ''
    if ('weight' in operand) initialisers[`w${i}`] = operand.weight
    else inputs[`x${i}`] = operand
    return 'weight' in operand ? `w${i}` : `x${i}`
  })
  const before = names.map((name) => (name === 'x0' ? 'a0' : name))
  const nodes: NodeInit[] = [
    ...(names[0] === 'x0' ? [{ type: 'Identity', inputs: ['x0'], outputs: ['a0'] }] : []),
    {
      type: opType,
      inputs: captures ? before.slice(0, 1) : before,
      outputs,
      attributes,
      ...(domain === undefined ? {} : { domain }),
    },
    ...(behind ?? [{ type: 'Identity', inputs: [outputs.find((name) => name !== '') ?? ''], outputs: ['z'] }]),
  ]
  const declared = Object.entries(inputs).map(([name, { dtype, dims }]) => value(name, dtype, ...dims))
  const model = buildModel({ nodes, initialisers, inputs: declared, outputs: [] }, { opset })
  return {
    name: as === undefined ? opType : `${opType}, ${as}`,
    opType,
    bytes: Uint8Array.of(...model, ...MICROSOFT, ...exposing([nodes.at(-1)?.outputs[0] ?? ''])),
    inputs,
  }
}

/** The engine's own operators. */
const MICROSOFT = written(putMessage(8, putText(1, 'com.microsoft'), putInteger(2, 1)))
export const microsoft = 'com.microsoft'

export const of = (dtype: DType, dims: readonly number[], seed = 1): Tensor => {
  const { v } = seededInputs({ inputs: [value('v', dtype, ...dims)] }, seed)
  if (!v) throw new Error('nothing was made')
  return v
}

/** Floats in ±4, deviation near 1. */
export const noise = (dims: readonly number[], seed = 1): Tensor => of('float32', dims, seed)
export const half = (dims: readonly number[], seed = 1): Tensor => of('float16', dims, seed)
const mapped = (tensor: Tensor, to: (value: number) => number): Tensor => ({
  ...tensor,
  data: new Uint8Array(Float32Array.from(new Float32Array(new Uint8Array(tensor.data).buffer), to).buffer),
})
/** Floats in 0.1 … 4.1, in ±0.98, and in 1.1 … 5.1. */
export const positive = (dims: readonly number[], seed = 1) => mapped(noise(dims, seed), (x) => Math.abs(x) + 0.1)
export const unit = (dims: readonly number[], seed = 1) => mapped(noise(dims, seed), (x) => x / 4.1)
export const aboveOne = (dims: readonly number[], seed = 1) => mapped(noise(dims, seed), (x) => Math.abs(x) + 1.1)
/** Not a number, infinities, zeros of both signs, and numbers past all others. */
export const strange = floats([2, 4], Number.NaN, Infinity, -Infinity, 0, -0, 1e-42, 3e38, -1.5)

export const bools = (dims: readonly number[], seed = 1) => of('bool', dims, seed)
export const bytes = (dims: readonly number[], seed = 1): Tensor => ({
  ...of('bool', dims),
  dtype: 'uint8',
  data: spread(dims, seed),
})
export const signed = (dims: readonly number[], seed = 1): Tensor => ({ ...bytes(dims, seed), dtype: 'int8' })
/** Bytes of all values: those in which a float's first digits lie. */
const spread = (dims: readonly number[], seed: number): Uint8Array =>
  noise(dims, seed).data.filter((_, i) => i % 4 === 2)
export const whole = (dims: readonly number[], ...values: number[]) => longs(dims, ...values.map(BigInt))
export const ints = (dims: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'int32',
  dims,
  data: new Uint8Array(Int32Array.from(values).buffer),
})
export const uint8 = (...values: number[]): Tensor => ({ dtype: 'uint8', dims: [], data: Uint8Array.from(values) })
export const int8 = (...values: number[]): Tensor => ({
  dtype: 'int8',
  dims: [],
  data: new Uint8Array(Int8Array.from(values).buffer),
})
export const scalar = (x: number) => floats([], x)
export const truth: Tensor = { dtype: 'bool', dims: [], data: Uint8Array.of(1) }
export const weight = (tensor: Tensor) => ({ weight: tensor })
export const axes = (...values: number[]) => weight(whole([values.length], ...values))

export const DIMS = [2, 3, 5, 7]
export const IMAGE = [1, 4, 9, 11]

export const unary = (types: readonly string[], x: Tensor, options: Options = {}) =>
  types.map((type) => swept(type, [x], options))
export const binary = (types: readonly string[], a: Tensor, b: Tensor, options: Options = {}) =>
  types.map((type) => swept(type, [a, b], options))
