import { buildModel, type GraphInit } from '../../src/adapters/onnx/build-model.ts'
import type { ValueInfo } from '../../src/domain/manifest.ts'
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

const truth: Tensor = { dtype: 'bool', dims: [], data: Uint8Array.of(1) }

/** `y = x + x` on any number of floats. */
export const doubling: GraphInit = {
  nodes: [{ type: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
  inputs: [value('x', 'float32', null)],
  outputs: [value('y', 'float32', null)],
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
