import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { NodeInit } from '../../../../src/adapters/onnx/build-model.ts'
import { exposing } from '../../../../src/adapters/onnx/expose.ts'
import { inspectModel } from '../../../../src/adapters/onnx/inspect-model.ts'
import { seededInputs } from '../../../../src/domain/seeded-inputs.ts'
import type { Tensor, Tensors } from '../../../../src/domain/tensor.ts'
import { runExposed } from '../../../kits/canon-runs.ts'
import { buildModel, floatAttribute, textAttribute, value } from '../../../kits/onnx-builder.ts'
import { numbersIn, operationsOf } from '../../../kits/read-operations.ts'
import { REAL_MODELS, SIZES, type RealModel } from '../../../kits/real-models.ts'
import { roundingOf, secondOpinion, type Opinion } from '../../../kits/second-opinion.ts'

const shared = new URL('../../../../../shared/models/', import.meta.url)
const shipped = new URL('../../../../public/models/', import.meta.url)
const read = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder)))

/** How far a result lies from the second opinion, in units of what rounding may do: 1 is as far as it may. */
function distance(opinion: Opinion, tensor: Tensor): number {
  expect(tensor.dims).toEqual(opinion.dims)
  return numbersIn(tensor).values.reduce((most, found, i) => {
    const expected = opinion.values[i] ?? 0
    const allowed = (opinion.slack[i] ?? 0) + roundingOf(tensor.dtype, expected)
    const far = Math.abs(found - expected) / allowed
    return Number.isNaN(far) ? Infinity : Math.max(most, far)
  }, 0)
}

/** Each operator of a model that there is a second opinion on, and how far the canon lies from it. */
async function distances(bytes: Uint8Array, inputs: Tensors): Promise<{ type: string; far: number }[]> {
  const values = { ...inputs, ...(await runExposed({ bytes, weights: [] }, inputs)) }
  return operationsOf(bytes, values).map(({ operation, output }) => {
    const made = values[output]
    if (!made) throw new Error(`nothing made ${output}`)
    return { type: operation.type, far: distance(secondOpinion(operation), made) }
  })
}

const noise = (dims: readonly number[], seed: number) =>
  seededInputs({ inputs: [value('v', 'float32', ...dims)] }, seed)['v']!

/** The farthest that the canon comes on one operator. */
async function farthest(
  type: string,
  operands: readonly (readonly number[])[],
  attributes: NodeInit['attributes'] = {},
  { seed = 1, opset = 17 } = {},
): Promise<number> {
  const inputs = Object.fromEntries(operands.map((dims, i) => [`x${i}`, noise(dims, seed + i)]))
  const model = buildModel(
    {
      nodes: [{ type, inputs: Object.keys(inputs), outputs: ['y'], attributes }],
      inputs: Object.entries(inputs).map(([name, { dtype, dims }]) => value(name, dtype, ...dims)),
      outputs: [],
    },
    { opset },
  )
  const [found] = await distances(Uint8Array.of(...model, ...exposing(['y'])), inputs)
  return found?.far ?? Infinity
}

const dim = fc.integer({ min: 1, max: 9 })
const seed = fc.integer({ min: 1, max: 1_000_000 })
const RUNS = 150

describe('the canon, by a second opinion that shares no code with it', { timeout: 60_000 }, () => {
  test('convolves in one to three dimensions, with any pads, strides, dilations and groups', async () => {
    const axis = fc.record({
      length: fc.integer({ min: 1, max: 10 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      before: fc.nat(3),
      after: fc.nat(3),
    })
    const auto = fc.constantFrom('NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER')
    const shape = fc.record({
      seed,
      auto,
      axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
      batch: fc.integer({ min: 1, max: 2 }),
      group: fc.integer({ min: 1, max: 3 }),
      depth: fc.integer({ min: 1, max: 5 }),
      maps: fc.integer({ min: 1, max: 5 }),
      biased: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(shape, async ({ axes, auto: pad, batch, group, depth, maps, biased, seed: from }) => {
        // The engine has no padding of its own accord for windows with holes.
        const dilations = axes.map(({ dilation }) => (pad.startsWith('SAME') ? 1 : dilation))
        const isPadded = pad === 'NOTSET'
        const reach = axes.map(({ kernel }, d) => (kernel - 1) * dilations[d]! + 1)
        const lengths = axes.map(({ length, before, after }, d) =>
          Math.max(length, pad.startsWith('SAME') ? 1 : reach[d]! - (isPadded ? before + after : 0)),
        )
        const operands = [
          [batch, group * depth, ...lengths],
          [group * maps, depth, ...axes.map(({ kernel }) => kernel)],
          ...(biased ? [[group * maps]] : []),
        ]
        const attributes = {
          group,
          dilations,
          strides: axes.map(({ stride }) => stride),
          auto_pad: textAttribute(pad),
          ...(isPadded ? { pads: [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)] } : {}),
        }
        expect(await farthest('Conv', operands, attributes, { seed: from })).toBeLessThanOrEqual(1)
      }),
      { numRuns: RUNS },
    )
  })

  test('multiplies matrices, stacks of them that are stretched, and vectors', async () => {
    const stretched = fc.array(fc.record({ length: dim, left: fc.boolean(), right: fc.boolean() }), { maxLength: 2 })
    const shape = fc.record({
      seed,
      stack: stretched,
      rows: dim,
      depth: fc.integer({ min: 1, max: 300 }),
      columns: dim,
      vectors: fc.nat(2),
    })
    await fc.assert(
      fc.asyncProperty(shape, async ({ stack, rows, depth, columns, vectors, seed: from }) => {
        const left = stack.map(({ length, left: is }) => (is ? 1 : length))
        const right = stack.map(({ length, right: is }) => (is ? 1 : length)).slice(rows % (stack.length + 1))
        const a = vectors === 1 ? [depth] : [...left, rows, depth]
        const b = vectors === 2 ? [depth] : [...right, depth, columns]
        expect(await farthest('MatMul', [a, b], {}, { seed: from })).toBeLessThanOrEqual(1)
      }),
      { numRuns: RUNS },
    )
  })

  test('multiplies, turns, scales and adds', async () => {
    const shape = fc.record({
      seed,
      rows: dim,
      depth: fc.integer({ min: 1, max: 200 }),
      columns: dim,
      turns: fc.tuple(fc.boolean(), fc.boolean()),
      alpha: fc.double({ min: -2, max: 2, noNaN: true }),
      beta: fc.double({ min: -2, max: 2, noNaN: true }),
      added: fc.nat(4),
    })
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, depth, columns, turns, alpha, beta, added, seed: from }) => {
        const c = [[rows, columns], [1, columns], [rows, 1], [columns], undefined][added]
        const operands = [
          turns[0] ? [depth, rows] : [rows, depth],
          turns[1] ? [columns, depth] : [depth, columns],
          ...(c ? [c] : []),
        ]
        const attributes = {
          alpha: floatAttribute(alpha),
          beta: floatAttribute(beta),
          transA: Number(turns[0]),
          transB: Number(turns[1]),
        }
        expect(await farthest('Gemm', operands, attributes, { seed: from })).toBeLessThanOrEqual(1)
      }),
      { numRuns: RUNS },
    )
  })

  test('weighs against one another what lies along an axis, or, before opset 13, behind it', async () => {
    const shape = fc.record({
      seed,
      dims: fc.array(dim, { minLength: 1, maxLength: 4 }),
      axis: fc.option(fc.integer({ min: -4, max: 3 })),
      opset: fc.constantFrom(9, 11, 13, 17),
    })
    await fc.assert(
      fc.asyncProperty(shape, async ({ dims, axis, opset, seed: from }) => {
        const rank = dims.length
        // Before opset 11 an axis is counted from the front alone; by default it is the second, which a vector does not have.
        const fromFront = (((axis ?? 0) % rank) + rank) % rank
        const counted = opset > 10 && (axis ?? 0) < 0 ? fromFront - rank : fromFront
        const attributes = axis === null && rank > 1 ? {} : { axis: counted }
        expect(await farthest('Softmax', [dims], attributes, { seed: from, opset })).toBeLessThanOrEqual(1)
      }),
      { numRuns: RUNS },
    )
  })

  test('is told from it where a single product is left out', () => {
    const x = { dims: [1, 8], values: Float64Array.from({ length: 8 }, (_, i) => i + 1) }
    const w = { dims: [8, 1], values: new Float64Array(8).fill(0.01) }
    const opinion = secondOpinion({ type: 'MatMul', opset: 17, attributes: {}, inputs: [x, w] })
    const without = Float32Array.of(0.35)
    const found = { dtype: 'float32', dims: [1, 1], data: new Uint8Array(without.buffer) } as const
    expect(distance(opinion, found)).toBeGreaterThan(1_000)
  })
})

test('every Conv and MatMul of the shipped model is as the second opinion says', async () => {
  await agrees('digits-fp32', read(shipped, 'digits-fp32'), 5)
})

/** How many Conv, MatMul, Gemm and Softmax of floats there are in each. */
const COUNTS: Readonly<Record<RealModel, number>> = {
  conv1d_bug: 1,
  mnist: 3,
  silero_vad_16k_op15: 6,
  squeezenet_fp16: 27,
  squeezenet_fp32: 27,
  squeezenet_qlinear: 1,
}

describe.skipIf(!existsSync(shared))(
  'every Conv, MatMul, Gemm and Softmax of a real model',
  { timeout: 120_000 },
  () => {
    test.each(REAL_MODELS)('%s is as the second opinion says', async (name) => {
      await agrees(name, read(shared, name), COUNTS[name])
    })
  },
)

async function agrees(name: string, bytes: Uint8Array, count: number): Promise<void> {
  const found = await distances(bytes, seededInputs(inspectModel(bytes), 3, SIZES[name]))
  expect(found).toHaveLength(count)
  expect(found.filter(({ far }) => far > 1)).toEqual([])
}
