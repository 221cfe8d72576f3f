import { expect, test } from 'vitest'
import { inputSizes } from '../../../src/adapters/onnx/input-sizes.ts'
import { value } from '../../kits/onnx-builder.ts'

test('a model of one size is tried at that size alone', () => {
  expect(inputSizes([value('x', 'float32', 1, 3)])).toEqual([{ x: [1, 3] }])
  expect(inputSizes([])).toEqual([{}])
})

test('free dimensions are tried from one upwards, with a batch of one', () => {
  const sizes = inputSizes([value('pixels', 'float32', null, 3, null, null), value('ids', 'int64', null, null)])
  expect(sizes).toEqual([
    { pixels: [1, 3, 1, 1], ids: [1, 1] },
    { pixels: [1, 3, 16, 16], ids: [1, 16] },
    { pixels: [1, 3, 224, 224], ids: [1, 224] },
    { pixels: [1, 3, 512, 512], ids: [1, 512] },
  ])
})

test('a dimension that is free alone is a length where it is the last, and a batch elsewhere, or the other way', () => {
  const sizes = inputSizes([value('speech', 'float32', null, null), value('state', 'float32', 2, null, 128)])
  expect(sizes).toContainEqual({ speech: [1, 512], state: [2, 1, 128] })
  expect(sizes).toContainEqual({ speech: [1, 512], state: [2, 512, 128] })
})
