import { describe, expect, test } from 'vitest'
import { elements } from '../../src/domain/elements.ts'
import { fault } from '../../src/domain/fault.ts'
import { hex } from '../../src/domain/hash.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { BYTES_PER_ELEMENT, type DType } from '../../src/domain/tensor.ts'
import type { ValueInfo } from '../../src/domain/manifest.ts'

const input = (dtype: DType, ...dims: (number | null)[]): ValueInfo => ({ name: 'x', dtype, dims })
const drawn = (value: ValueInfo, seed = 1) => {
  const { x } = seededInputs({ inputs: [value] }, seed)
  if (!x) throw new Error('nothing was drawn')
  return x
}
const DTYPES = Object.keys(BYTES_PER_ELEMENT).filter((name): name is DType => name in BYTES_PER_ELEMENT)

describe('seeded inputs', () => {
  test('are the same bytes for the same seed, everywhere', () => {
    const inputs = DTYPES.map((dtype): ValueInfo => ({ name: dtype, dtype, dims: [5, null] }))
    expect(hex(hashTensors(seededInputs({ inputs }, 7)))).toBe(
      '3cbbbb6aba4d834644b0a098b85c2b08e978e55090c9e71c9ab425c0d75a1366',
    )
  })

  test('differ by seed and by input', () => {
    expect(drawn(input('float32', 16), 1).data).not.toEqual(drawn(input('float32', 16), 2).data)
    const { a, b } = seededInputs({ inputs: ['a', 'b'].map((name) => ({ ...input('float32', 16), name })) }, 1)
    expect(a?.data).not.toEqual(b?.data)
  })

  test.each(['float32', 'float64', 'float16'] as const)('of %s lie about 0 with a deviation near 1', (dtype) => {
    const values = Array.from(elements(drawn(input(dtype, 10_000))))
    const mean = values.reduce((a, b) => a + b) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(Math.sqrt(variance)).toBeCloseTo(1.15, 1)
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(4)
  })

  test('of float16 are those of float32', () => {
    expect(Array.from(elements(drawn(input('float16', 1_000))))).toEqual(
      Array.from(elements(drawn(input('float32', 1_000)))),
    )
  })

  test('take 1 for a free dimension, or what is asked for', () => {
    expect(drawn(input('int64', null, 3)).dims).toEqual([1, 3])
    expect(seededInputs({ inputs: [input('int64', null, 3)] }, 1, { x: [2, 3] })).toMatchObject({ x: { dims: [2, 3] } })
  })

  test('too large to hold are refused', () => {
    expect(() => drawn(input('float32', 1 << 20, 1 << 20))).toThrow(
      fault({ code: 'TOO_LARGE', what: 'seeded input "x"', bytes: 2 ** 42, limit: 64 << 20 }).message,
    )
  })
})
