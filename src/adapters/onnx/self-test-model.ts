import type { ValueInfo } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import { buildModel, type NodeInit } from './build-model.ts'
import type { Runnable } from './model-engine.ts'

const WEIGHT_SEED = 2

interface Sample {
  readonly type: string
  readonly input: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly output: readonly number[]
  readonly attributes?: NodeInit['attributes']
}

/** Channels are multiples of four: what an engine computes right if its GPU does. */
const SAMPLES: readonly Sample[] = [
  {
    type: 'Conv',
    input: [1, 8, 28, 28],
    weights: [[16, 8, 3, 3], [16]],
    output: [1, 16, 28, 28],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
  },
  {
    type: 'Conv',
    input: [1, 32, 14, 14],
    weights: [[64, 32, 1, 1], [64]],
    output: [1, 64, 14, 14],
    attributes: { kernel_shape: [1, 1] },
  },
  { type: 'MatMul', input: [17, 64], weights: [[64, 32]], output: [17, 32] },
  { type: 'MatMul', input: [4, 12, 128], weights: [[128, 20]], output: [4, 12, 20] },
  { type: 'Softmax', input: [8, 128], weights: [], output: [8, 128], attributes: { axis: -1 } },
]

/** What any GPU must compute as the canon does before it computes for anybody: operators side by side in one model. */
export function selfTestModel(): Runnable {
  const value = (name: string, dims: readonly number[]): ValueInfo => ({ name, dtype: 'float32', dims })
  const weights = SAMPLES.map((sample, i) => sample.weights.map((dims, j) => value(`w${i}.${j}`, dims)))
  const inputs = SAMPLES.map(({ input }, i) => value(`x${i}`, input))
  const outputs = SAMPLES.map(({ output }, i) => value(`y${i}`, output))
  const nodes = SAMPLES.map(({ type, attributes = {} }, i): NodeInit => {
    const constants = (weights[i] ?? []).map(({ name }) => name)
    return { type, inputs: [`x${i}`, ...constants], outputs: [`y${i}`], attributes }
  })
  const initialisers = seededInputs({ inputs: weights.flat() }, WEIGHT_SEED)
  const bytes = buildModel({ nodes, initialisers, inputs, outputs })
  const manifest = { inputs, outputs, arithmetic: 'fp32', canonicalRun: 'plain' } as const
  return { id: 'self-test', bytes, weights: [], manifest }
}

/** The bytes of the smallest of models. */
export const probeModel = (): Uint8Array =>
  buildModel({
    nodes: [{ type: 'Identity', inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', dtype: 'float32', dims: [1] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [1] }],
  })
