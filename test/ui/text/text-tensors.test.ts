import { describe, expect, test } from 'vitest'
import { elements } from '../../../src/domain/elements.ts'
import type { Manifest, ValueInfo } from '../../../src/domain/manifest.ts'
import { roomFor, textTensors } from '../../../src/ui/text/text-tensors.ts'
import { moods } from '../../kits/fake-models.ts'

const tokens = { ids: [2, 4, 3], types: [0, 0, 0], padding: 9 }
const text = { ...moods.manifest.text!, types: 'token_type_ids' }
const taking = (dims: ValueInfo['dims'], dtype: ValueInfo['dtype'] = 'int64'): Manifest => ({
  ...moods.manifest,
  inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, dtype, dims })),
})
const read = (manifest: Manifest) =>
  Object.fromEntries(
    Object.entries(textTensors(manifest, text, tokens)).map(([name, tensor]) => [
      name,
      [tensor.dims, Array.from(elements(tensor), Number)],
    ]),
  )

describe('tokens', () => {
  test('become ids, mask and types as long as the text', () => {
    expect(read(taking([null, null]))).toEqual({
      input_ids: [
        [1, 3],
        [2, 4, 3],
      ],
      attention_mask: [
        [1, 3],
        [1, 1, 1],
      ],
      token_type_ids: [
        [1, 3],
        [0, 0, 0],
      ],
    })
  })

  test('fill an input of a fixed length with padding that the mask covers', () => {
    expect(read(taking([1, 5], 'int32'))).toEqual({
      input_ids: [
        [1, 5],
        [2, 4, 3, 9, 9],
      ],
      attention_mask: [
        [1, 5],
        [1, 1, 1, 0, 0],
      ],
      token_type_ids: [
        [1, 5],
        [0, 0, 0, 0, 0],
      ],
    })
  })

  test('have as much room as the model reads, and as its input is long', () => {
    expect([roomFor(taking([null, null]), text), roomFor(taking([1, 5]), text)]).toEqual([8, 5])
  })

  test('do not fit an input of another type or shape, in words', () => {
    expect(() => read(taking([null, null], 'float32'))).toThrow('the model expects float32')
    expect(() => read(taking([2, null]))).toThrow('expects 2 × ?, and got one text')
    expect(() => textTensors({ ...moods.manifest, inputs: [] }, text, tokens)).toThrow('Input "input_ids" does not fit')
  })
})
