import { describe, expect, test } from 'vitest'
import { FP32_RULE, within } from '../../src/domain/agreement.ts'
import { isRounding, nudged, oneStepDeviation, oneStepLimit, rounds } from '../../src/domain/one-step.ts'
import type { Tensor } from '../../src/domain/tensor.ts'
import { floats } from '../kits/tensors.ts'

const bytes = (...values: number[]): Tensor => ({
  dtype: 'uint8',
  dims: [values.length],
  data: Uint8Array.from(values),
})

const passes = (type: string, reference: Tensor, other: Tensor) =>
  within(oneStepDeviation(type, reference, other), oneStepLimit(type, reference))

describe('one operator alone', () => {
  test.each([
    ['Conv', floats(12, -3.5), floats(12.00001, -3.50001)],
    // The last bits of a sigmoid are those of 1, however small its value.
    ['Sigmoid', floats(0.0005), floats(0.00050004)],
    ['Cos', floats(0.9, 0.001), floats(0.9001, 0.0011)],
    ['QuantizeLinear', bytes(3, 250), bytes(4, 250)],
    ['Relu', floats(0, 7), floats(-0, 7)],
    // Of what is no number shaders promise nothing; of numbers beside it they do.
    ['Log', floats(Number.NaN, -Infinity, 2), floats(1, 0, 2)],
  ])('rounds as a %s may', (type, reference, other) => {
    expect(passes(type, reference, other)).toBe(true)
  })

  test.each([
    ['Conv', floats(12, -3.5), floats(12.01, -3.5)],
    ['Sigmoid', floats(0.0005), floats(0.001)],
    ['QuantizeLinear', bytes(3, 250), bytes(5, 250)],
    ['Gather', bytes(3, 250), bytes(4, 250)],
    ['MaxPool', floats(1, 7), floats(1, 7.0001)],
    ['Conv', floats(1, 2), floats(1)],
    ['Conv', floats(1, 2), floats(1, Number.NaN)],
    ['Log', floats(Number.NaN, 2), floats(Number.NaN, 3)],
  ])('is outside where a %s computes something else', (type, reference, other) => {
    expect(passes(type, reference, other)).toBe(false)
  })

  test('is held to the rule of agreement where it has a body, or nobody measured it', () => {
    for (const type of ['If', 'Loop', 'Scan', 'Bernstein']) expect(oneStepLimit(type, floats(1))).toEqual(FP32_RULE)
  })

  test('is not blamed for a sum that cancels out', () => {
    // 1e4 − 1e4 + 0.001, as two engines may add it up.
    const [reference, seen] = [floats(0.001), floats(0.0015)]
    const deviation = oneStepDeviation('MatMul', reference, seen)
    expect(within(deviation, oneStepLimit('MatMul', reference))).toBe(false)
    const [a = 0, b = 0] = new Float32Array(
      nudged({ x: floats(1e4, -1e4) }, 'by turns')['x']?.data.slice().buffer ?? [],
    )
    const moved = oneStepDeviation('MatMul', reference, floats(a + b + 0.001))
    expect(isRounding(deviation, moved)).toBe(true)
    expect(isRounding(oneStepDeviation('MatMul', reference, floats(5)), moved)).toBe(false)
  })

  test('gets no such excuse where equal inputs leave nothing to round', () => {
    expect(['Floor', 'Cast', 'Relu', 'Gather'].map(rounds)).toEqual([false, false, false, false])
    expect(['Conv', 'If', 'LSTM', 'Bernstein'].map(rounds)).toEqual([true, true, true, true])
  })

  test('is nudged the same way everywhere, and integers not at all', () => {
    const inputs = { x: floats(...Array.from({ length: 64 }, () => 1)), i: bytes(1, 2, 3) }
    const moved = nudged(inputs, 'mixed')
    expect(moved).toEqual(nudged(inputs, 'mixed'))
    expect(moved['i']).toEqual(inputs.i)
    const up = new Float32Array(moved['x']?.data.slice().buffer ?? []).filter((value) => value > 1).length
    expect(up).toBeGreaterThan(16)
    expect(up).toBeLessThan(48)
  })
})
