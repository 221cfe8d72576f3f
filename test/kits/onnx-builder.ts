import { WireType } from '@bufbuild/protobuf/wire'
import { buildModel, tensorParts, type GraphInit } from '../../src/adapters/onnx/build-model.ts'
import { putBytes, putInteger, putMessage, putText, written, type Part } from '../../src/adapters/onnx/wire.ts'
import type { ValueInfo } from '../../src/domain/manifest.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { DType, Tensor } from '../../src/domain/tensor.ts'

export const value = (name: string, dtype: DType, ...dims: (number | null)[]): ValueInfo => ({ name, dtype, dims })

export const floats = (dims: readonly number[], ...numbers: number[]): Tensor => ({
  dtype: 'float32',
  dims,
  data: new Uint8Array(Float32Array.from(numbers).buffer),
})

export const longs = (dims: readonly number[], ...numbers: bigint[]): Tensor => ({
  dtype: 'int64',
  dims,
  data: new Uint8Array(BigInt64Array.from(numbers).buffer),
})

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, text: 3, tensor: 4, floats: 6, texts: 8 } as const

const float32 = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer)

const both =
  (...parts: Part[]): Part =>
  (writer) =>
    parts.forEach((part) => part(writer))

/** Attributes of the kinds that `buildModel` has no short form for. */
export const floatAttribute = (value: number): Part =>
  both((writer) => writer.tag(2, WireType.Bit32).float(value), putInteger(20, ATTRIBUTE.float))
export const floatsAttribute = (...values: number[]): Part =>
  both(putBytes(7, float32(values)), putInteger(20, ATTRIBUTE.floats))
export const textAttribute = (value: string): Part => both(putText(4, value), putInteger(20, ATTRIBUTE.text))
export const textsAttribute = (...values: string[]): Part =>
  both(...values.map((value) => putText(9, value)), putInteger(20, ATTRIBUTE.texts))
export const tensorAttribute = (tensor: Tensor): Part =>
  both(putMessage(5, ...tensorParts('', tensor)), putInteger(20, ATTRIBUTE.tensor))

const truth: Tensor = { dtype: 'bool', dims: [], data: Uint8Array.of(1) }

/** `y = x + x` on any number of floats. */
export const doubling: GraphInit = {
  nodes: [{ type: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
  inputs: [value('x', 'float32', null)],
  outputs: [value('y', 'float32', null)],
}

/** Normalises rows of floats: versions of the engine round differently here. */
export const normalised: GraphInit = {
  nodes: [
    { type: 'LayerNormalization', inputs: ['x', 'scale'], outputs: ['normal'] },
    { type: 'Add', inputs: ['normal', 'x'], outputs: ['y'] },
  ],
  inputs: [value('x', 'float32', 4, 129), value('scale', 'float32', 129)],
  outputs: [value('y', 'float32', 4, 129)],
}

/** Adds its input to itself 2^62 times. */
export const endless: GraphInit = {
  nodes: [
    {
      type: 'Loop',
      inputs: ['times', 'go', 'x'],
      outputs: ['y'],
      attributes: {
        body: {
          nodes: [
            { type: 'Identity', inputs: ['go_in'], outputs: ['go_out'] },
            { type: 'Add', inputs: ['sum', 'x'], outputs: ['next'] },
          ],
          inputs: [value('i', 'int64'), value('go_in', 'bool'), value('sum', 'float32', 1)],
          outputs: [value('go_out', 'bool'), value('next', 'float32', 1)],
        },
      },
    },
  ],
  initialisers: { times: longs([], 1n << 62n), go: truth },
  inputs: [value('x', 'float32', 1)],
  outputs: [value('y', 'float32', 1)],
}

/** Repeats its one number until it takes `gibibytes`, and sums up. */
export const greedy = (gibibytes: number): GraphInit => ({
  nodes: [
    { type: 'Expand', inputs: ['x', 'shape'], outputs: ['many'] },
    { type: 'ReduceSum', inputs: ['many'], outputs: ['y'], attributes: { keepdims: 0 } },
  ],
  initialisers: { shape: longs([2], 1n << 14n, BigInt(gibibytes) << 14n) },
  inputs: [value('x', 'float32', 1)],
  outputs: [value('y', 'float32')],
})

/** Weights of `weighted`: some thousand, in a shape that a GPU computes right. */
const matrix = seededInputs({ inputs: [value('w', 'float32', 64, 32)] }, 7)['w']!

/** `y = x · w + b`, in which `w` is large. */
export const weighted: GraphInit = {
  nodes: [
    { type: 'MatMul', inputs: ['x', 'w'], outputs: ['product'] },
    { type: 'Add', inputs: ['product', 'b'], outputs: ['y'] },
  ],
  initialisers: { w: matrix, b: floats([1], 0.5) },
  inputs: [value('x', 'float32', 4, 64)],
  outputs: [value('y', 'float32', 4, 32)],
}

/** `weighted` with `w` in a file beside it, behind some bytes that mean nothing to it. */
export function parted({ path = 'data/weights.bin', offset = 4_096 }: { path?: string; offset?: number } = {}) {
  const { w: _, ...initialisers } = weighted.initialisers ?? {}
  const entry = (key: string, text: string) => putMessage(13, putText(1, key), putText(2, text))
  const elsewhere = putMessage(
    5,
    ...matrix.dims.map((n) => putInteger(1, n)),
    putInteger(2, 1),
    putText(8, 'w'),
    entry('location', path),
    entry('offset', String(offset)),
    entry('length', String(matrix.data.length)),
    putInteger(14, 1),
  )
  const bytes = Uint8Array.of(...buildModel({ ...weighted, initialisers }), ...written(putMessage(7, elsewhere)))
  const beside = new Uint8Array(offset + matrix.data.length).fill(255)
  beside.set(matrix.data, offset)
  return { bytes, weights: [{ path, bytes: beside }] }
}

/** An operator that nobody has. */
export const unheardOf: GraphInit = {
  nodes: [{ type: 'Transmogrify', inputs: ['x'], outputs: ['y'] }],
  inputs: [value('x', 'float32', 1)],
  outputs: [value('y', 'float32', 1)],
}

/** Gives back its input of every element type that Moot carries. */
export const echo = (dtype: DType): GraphInit => ({
  nodes: [{ type: 'Identity', inputs: ['x'], outputs: ['y'] }],
  inputs: [value('x', dtype, null)],
  outputs: [value('y', dtype, null)],
})

export { buildModel }
