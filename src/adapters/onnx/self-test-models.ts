import type { Manifest, ValueInfo } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import { buildModel, type NodeInit } from './build-model.ts'

const WEIGHT_SEED = 2

/** One operator, its input and its weights. Channels are multiples of four: what every engine computes right if its GPU does. */
function single(
  type: string,
  input: readonly number[],
  weights: readonly (readonly number[])[],
  output: readonly number[],
  attributes: NodeInit['attributes'] = {},
): LoadedModel {
  const value = (name: string, dims: readonly number[]): ValueInfo => ({ name, dtype: 'float32', dims })
  const inputs = [value('x', input)]
  const outputs = [value('y', output)]
  const constants = weights.map((dims, i) => value(`w${i}`, dims))
  const bytes = buildModel({
    nodes: [{ type, inputs: ['x', ...constants.map(({ name }) => name)], outputs: ['y'], attributes }],
    initialisers: seededInputs({ inputs: constants }, WEIGHT_SEED),
    inputs,
    outputs,
  })
  const manifest: Manifest = {
    name: `self-test ${type}`,
    version: '1',
    file: { size: bytes.length, blocks: [] },
    inputs,
    outputs,
    arithmetic: 'fp32',
    canonicalRun: 'plain',
  }
  return { id: `self-test ${type} ${input.join('x')}`, manifest, bytes }
}

/** What any GPU must compute as the canon does before it computes for anybody. */
export const selfTestModels = (): LoadedModel[] => [
  single('Conv', [1, 8, 28, 28], [[16, 8, 3, 3], [16]], [1, 16, 28, 28], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  single('Conv', [1, 32, 14, 14], [[64, 32, 1, 1], [64]], [1, 64, 14, 14], { kernel_shape: [1, 1] }),
  single('Conv', [1, 16, 64], [[32, 16, 3], [32]], [1, 32, 62], { kernel_shape: [3] }),
  single('MatMul', [17, 64], [[64, 32]], [17, 32]),
  single('MatMul', [4, 12, 128], [[128, 20]], [4, 12, 20]),
  single('Softmax', [8, 128], [], [8, 128], { axis: -1 }),
]
