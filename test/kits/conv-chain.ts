import type { ValueInfo } from '../../src/domain/manifest.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { buildModel } from './onnx-builder.ts'

const CHANNELS = 16

/** Pixels on a side: 16 MiB for each value. */
const SIDE = 512

/** Bytes of each value. */
export const CHAIN_VALUE = 4 * CHANNELS * SIDE * SIDE

/** Convolutions one after another, each of which makes `CHAIN_VALUE` bytes from as many. Weights are drawn from a seed. */
export function convChain(length: number): Uint8Array {
  const value = (name: string, ...dims: number[]): ValueInfo => ({ name, dtype: 'float32', dims })
  const weights = Array.from({ length }, (_, i) => value(`w${i}`, CHANNELS, i === 0 ? 1 : CHANNELS, 1, 1))
  const convolutions = weights.map((weight, i) => ({
    type: 'Conv',
    inputs: [`c${i}`, weight.name],
    outputs: [`c${i + 1}`],
  }))
  return buildModel({
    nodes: [...convolutions, { type: 'GlobalAveragePool', inputs: [`c${length}`], outputs: ['mean'] }],
    initialisers: seededInputs({ inputs: weights }, 7),
    inputs: [value('c0', 1, 1, SIDE, SIDE)],
    outputs: [value('mean', 1, CHANNELS, 1, 1)],
  })
}
