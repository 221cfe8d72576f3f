import { cidOf } from '../../src/domain/charter.ts'
import type { Manifest } from '../../src/domain/manifest.ts'
import type { Tensor } from '../../src/domain/tensor.ts'
import type { ModelSummary } from '../../src/peer/view.ts'

export const floats = (dims: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  dims,
  data: new Uint8Array(Float32Array.from(values).buffer),
})

const fileOf = (size: number) => ({
  size,
  blocks: Array.from({ length: Math.ceil(size / 1024 ** 2) }, () => new Uint8Array(32)),
})

const modelOf = (manifest: Manifest, source: ModelSummary['source']): ModelSummary => ({
  id: cidOf(manifest),
  manifest,
  source,
  cached: true,
})

/** Manifests in the shape of the shipped digit recogniser, a photograph classifier and a sum of two vectors; no model behind them. */
export const digits = modelOf(
  {
    name: 'Digits',
    version: '1.0.0',
    file: fileOf(312_448),
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 28, 28] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [1, 10] }],
    arithmetic: 'fp32',
    canonicalRun: 'plain',
    labels: '0123456789'.split(''),
    image: { input: 'image', planes: ['gray'], mean: [0], deviation: [255] },
  },
  'shipped',
)

export const photographs = modelOf(
  {
    name: 'squeezenet',
    version: '1.1',
    file: fileOf(4_956_208),
    inputs: [{ name: 'data', dtype: 'float32', dims: [1, 3, 224, 224] }],
    outputs: [{ name: 'scores', dtype: 'float32', dims: [1, 4] }],
    arithmetic: 'fp32',
    canonicalRun: 'plain',
    labels: ['standing stone, menhir', 'dry stone wall', 'sheep', 'gorse, furze, whin'],
    image: { input: 'data', planes: ['red', 'green', 'blue'], mean: [124, 116, 104], deviation: [58, 57, 57] },
  },
  'file',
)

export const sums = modelOf(
  {
    name: 'sum',
    version: '1',
    file: fileOf(512),
    inputs: [
      { name: 'a', dtype: 'float32', dims: [null, 2] },
      { name: 'b', dtype: 'int64', dims: [2] },
    ],
    outputs: [{ name: 'sum', dtype: 'float32', dims: [null, 2] }],
    arithmetic: 'fp32',
    canonicalRun: 'plain',
  },
  'file',
)
