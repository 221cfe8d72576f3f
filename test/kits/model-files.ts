import { buildModel, type GraphInit } from '../../src/adapters/onnx/build-model.ts'
import { value } from './onnx-builder.ts'

/** A classifier of pictures into `classes` that is no good, and carries `ballast` bytes of numbers, no block like another. */
export function classifier(classes: number, ballast = 0, change: Partial<GraphInit> = {}): Uint8Array {
  const data = Uint8Array.from(
    { length: ballast - (ballast % 4) },
    (_, i) => (i * 7 + (i >> 13) * 5 + (i >> 20) * 11) & 255,
  )
  return buildModel({
    nodes: [
      { type: 'Flatten', inputs: ['pixels'], outputs: ['flat'] },
      { type: 'MatMul', inputs: ['flat', 'weights'], outputs: ['scores'] },
    ],
    initialisers: { ballast: { dtype: 'float32', dims: [data.length / 4], data } },
    inputs: [value('pixels', 'float32', 1, 3, 32, 32), value('weights', 'float32', 3 * 32 * 32, classes)],
    outputs: [value('scores', 'float32', 1, classes)],
    ...change,
  })
}
