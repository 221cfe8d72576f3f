import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { elements } from '../../src/domain/elements.ts'
import { sentence, MootError } from '../../src/domain/fault.ts'
import { tensorsFromJson, tensorsToJson } from '../../src/domain/tensor-json.ts'
import { BYTES_PER_ELEMENT, type DType } from '../../src/domain/tensor.ts'

const complaint = (text: string): string => {
  try {
    tensorsFromJson(text)
  } catch (error) {
    if (error instanceof MootError) return sentence(error.fault)
    throw error
  }
  return 'read without complaint'
}
const tensor = (dtype: string, dims: unknown, data: unknown) => JSON.stringify({ x: { dtype, dims, data } })

describe('tensors as JSON', () => {
  test('come back to the bit, whatever their type', () => {
    const tensors = fc.constantFrom(...(Object.keys(BYTES_PER_ELEMENT) as DType[])).chain((dtype) =>
      fc
        .array(fc.uint8Array({ minLength: BYTES_PER_ELEMENT[dtype], maxLength: BYTES_PER_ELEMENT[dtype] }), {
          maxLength: 8,
        })
        .map((items) => {
          const bytes = Uint8Array.from(items.flatMap((item) => [...item]))
          return { dtype, dims: [items.length], data: dtype === 'bool' ? bytes.map((byte) => byte & 1) : bytes }
        }),
    )
    fc.assert(
      fc.property(tensors, (x) => {
        const back = tensorsFromJson(JSON.stringify(tensorsToJson({ x })))['x']!
        // NaN has many bit patterns and one name, so numbers are compared where there is a NaN. JSON has no negative zero.
        const same = (values: ArrayLike<number>) => Array.from(values, (value) => (value === 0 ? 0 : value))
        expect(back.dims).toEqual(x.dims)
        expect(same(elements(back))).toEqual(same(elements(x)))
        if (x.dtype.includes('int')) expect(back.data).toEqual(x.data)
      }),
    )
  })

  test('of many elements are written as base64', () => {
    const x = { dtype: 'uint8', dims: [70_000], data: new Uint8Array(70_000).fill(7) } as const
    const json = tensorsToJson({ x })
    expect(json['x']?.base64).toBeTypeOf('string')
    expect(tensorsFromJson(JSON.stringify(json))).toEqual({ x })
  })

  test('take numbers that JSON lacks as strings', () => {
    const { x } = tensorsFromJson(tensor('float32', [3], ['NaN', 'Infinity', '-Infinity']))
    expect(Array.from(elements(x!))).toEqual([Number.NaN, Infinity, -Infinity])
    const { x: long } = tensorsFromJson(tensor('int64', [2], ['-9223372036854775808', 5]))
    expect(tensorsToJson({ x: long! })['x']?.data).toEqual(['-9223372036854775808', 5])
  })

  test('round to the nearest half, ties to even', () => {
    const values = [1, -2, 65_504, 65_519, 2 ** -24, 2 ** -25, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 6e-5, 0.1]
    const { x } = tensorsFromJson(tensor('float16', [values.length], values))
    expect(Array.from(elements(x!))).toEqual([
      1,
      -2,
      65_504,
      65_504,
      2 ** -24,
      0,
      1,
      1 + 2 ** -9,
      6.002187728881836e-5,
      0.0999755859375,
    ])
  })

  test('write a float32 as briefly as its bits allow', () => {
    const { x } = tensorsFromJson(tensor('float32', [2], [0.1, 16777217]))
    expect(tensorsToJson({ x: x! })['x']?.data).toEqual([0.1, 16777216])
  })

  test.for([
    ['{"x": ', 'The JSON could not be read'],
    ['[1]', 'one member for each input'],
    ['{"x": 3}', 'The input "x" could not be read: it must be { "dtype", "dims", "data" }'],
    [tensor('float', [1], [1]), '"dtype" must be one of bool, int8'],
    [tensor('float32', [-1], []), '"dims" must be a list of whole numbers from 0'],
    [tensor('float32', [1, 2], [1]), '1 × 2 of float32 takes 2 values, and "data" holds 1'],
    [
      tensor('float32', [1], ['one']),
      'value 0 must be a number from -3.4e38 to 3.4e38, "NaN", "Infinity" or "-Infinity", and is "one"',
    ],
    [tensor('float32', [1], [1e39]), 'value 0 must be a number from -3.4e38 to 3.4e38'],
    [tensor('float32', [1], [-3.4028235678e38]), 'and is -3.4028235678e+38'],
    [tensor('float16', [1], [65_520]), 'value 0 must be a number from -65504 to 65504'],
    ['{"x": {"dtype": "float64", "dims": [1], "data": [1e400]}}', 'and is Infinity'],
    [tensor('uint8', [1], [256]), 'value 0 must be a whole number from 0 to 255, and is 256'],
    [tensor('int64', [1], ['9223372036854775808']), 'value 0 must be a whole number of 64 bits'],
    [tensor('bool', [1], [2]), 'value 0 must be 0 or 1, and is 2'],
    [tensor('float32', [1e9], []), 'The input "x" is too large'],
    ['{"x": {"dtype": "uint8", "dims": [2], "base64": "AA=="}}', 'takes 2 bytes, and "base64" holds 1'],
    ['{"x": {"dtype": "uint8", "dims": [2], "base64": "?"}}', '"base64" must be base64'],
  ] as const)('%s is refused with words that help', ([text, words]) => {
    expect(complaint(text)).toContain(words)
  })
})
