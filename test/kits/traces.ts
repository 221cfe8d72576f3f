import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphInit } from '../../src/adapters/onnx/build-model.ts'
import type { ModelEngine, Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import type { EngineOptions } from '../../src/adapters/onnx/worker-engine.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { NOT_CARRIED, valueHash } from '../../src/domain/dispute/trace.ts'
import { hex } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { Trace } from '../../src/ports/canon-engine.ts'
import { faultFrom, loaded } from './inference-engine.ts'
import { buildModel, endless, floats, longs, value } from './onnx-builder.ts'
import { sweep } from './operator-sweep.ts'
import { CANONICAL_OUTPUTS, REAL_MODELS, SIZES } from './real-models.ts'

type Open = (options?: EngineOptions) => Promise<ModelEngine>

const hexes = ({ values }: Pick<Trace, 'values'>): string[] => values.map(hex)

/** Four sums, each of what the one before made: `a = 2x`, `b = 2a`, `c = a + b`, `y = b + c`. */
const sums: GraphInit = {
  nodes: [
    { type: 'Add', inputs: ['x', 'x'], outputs: ['a'] },
    { type: 'Add', inputs: ['a', 'a'], outputs: ['b'] },
    { type: 'Add', inputs: ['a', 'b'], outputs: ['c'] },
    { type: 'Add', inputs: ['b', 'c'], outputs: ['y'] },
  ],
  inputs: [value('x', 'float32', 2)],
  outputs: [value('y', 'float32', 2)],
}

/** `left` and `right` of one operator, and `y = left + right`. */
const halves: GraphInit = {
  nodes: [
    { type: 'Split', inputs: ['x'], outputs: ['left', 'right'], attributes: { axis: 0, num_outputs: 2 } },
    { type: 'Add', inputs: ['left', 'right'], outputs: ['y'] },
  ],
  inputs: [value('x', 'float32', 4)],
  outputs: [value('y', 'float32', 2)],
}

/** What no tensor is stands between what `a` makes and what `y` takes. */
const throughSequences: GraphInit = {
  nodes: [
    { type: 'Neg', inputs: ['x'], outputs: ['a'] },
    { type: 'SequenceConstruct', inputs: ['x', 'a'], outputs: ['some'] },
    { type: 'SequenceInsert', inputs: ['some', 'a'], outputs: ['more'] },
    { type: 'Abs', inputs: ['x'], outputs: ['b'] },
    { type: 'SequenceAt', inputs: ['more', 'last'], outputs: ['y'] },
  ],
  initialisers: { last: longs([], 2n) },
  inputs: [value('x', 'float32', 2, 2)],
  outputs: [value('y', 'float32', 2, 2)],
}

/** Makes as many numbers as its input says, which nobody knows before it runs. */
const growing: GraphInit = {
  nodes: [
    { type: 'Expand', inputs: ['one', 'shape'], outputs: ['many'] },
    { type: 'Add', inputs: ['many', 'many'], outputs: ['more'] },
    { type: 'ReduceSum', inputs: ['more'], outputs: ['y'], attributes: { keepdims: 0 } },
  ],
  initialisers: { one: floats([1], 1) },
  inputs: [value('shape', 'int64', 1)],
  outputs: [value('y', 'float32')],
}

/** What every canon must show of its runs, whatever it runs on. */
export function tracesKit(name: string, open: Open): void {
  describe(`${name}, tracing`, { timeout: 60_000 }, () => {
    let engine: ModelEngine
    /** One that has room for no two values. */
    let narrow: ModelEngine
    const both = () => [engine, narrow]
    const x: Tensors = { x: floats([2], 1, -2.5) }

    beforeAll(async () => {
      ;[engine, narrow] = await Promise.all([open(), open({ traceRoom: 1 })])
    })
    afterAll(() => Promise.all(both().map((each) => each.close())))

    test('hashes every value, and returns those that it is asked for', async () => {
      const model = await loaded('sums', sums)
      for (const each of both()) {
        const { values, outputs, kept } = await each.trace(model, x, { keep: ['b', 'nothing'] })
        const made = { a: floats([2], 2, -5), b: floats([2], 4, -10), c: floats([2], 6, -15), y: floats([2], 10, -25) }
        expect(values).toEqual(Object.entries(made).map(([of, tensor]) => valueHash(of, tensor)))
        expect(outputs).toEqual({ y: made.y })
        expect(kept).toEqual({ b: made.b })
      }
    })

    test('takes values as they are given, and runs only what they do not replace', async () => {
      const model = await loaded('sums', sums)
      const b = floats([2], 7, Number.NaN)
      for (const each of both()) {
        const { values, outputs, kept } = await each.trace(model, x, { given: { b }, keep: ['b'] })
        const made = { a: floats([2], 2, -5), b, c: floats([2], 9, Number.NaN), y: floats([2], 16, Number.NaN) }
        expect(values).toEqual(Object.entries(made).map(([of, tensor]) => valueHash(of, tensor)))
        expect(hashTensors(outputs)).toEqual(hashTensors({ y: made.y }))
        expect(kept).toEqual({ b })
        const all = await each.trace(model, x, { given: made })
        expect(all).toMatchObject({ values, computeMs: 0 })
      }
    })

    test('runs an operator of whose values one is given, and passes that one on', async () => {
      const model = await loaded('halves', buildModel(halves, { opset: 18 }))
      const given = { right: floats([2], 10, 20) }
      for (const each of both()) {
        const { values, outputs } = await each.trace(model, { x: floats([4], 1, 2, 3, 4) }, { given })
        const made = { left: floats([2], 1, 2), ...given, y: floats([2], 11, 22) }
        expect(values).toEqual(Object.entries(made).map(([of, tensor]) => valueHash(of, tensor)))
        expect(outputs).toEqual({ y: made.y })
      }
    })

    test('says of what is no tensor that it is none, and makes it anew where it is needed', async () => {
      const model = await loaded('through sequences', throughSequences)
      const inputs = { x: floats([2, 2], 1, -2, 3, -4) }
      const [whole, inSegments] = await Promise.all(both().map((each) => each.trace(model, inputs)))
      const { outline } = await openSurgery(model)
      expect(outline.values.map(({ name: of }) => of)).toEqual(['a', 'some', 'more', 'b', 'y'])
      expect(whole!.values[1]).toEqual(NOT_CARRIED)
      expect(whole!.values[2]).toEqual(NOT_CARRIED)
      expect(hexes(inSegments!)).toEqual(hexes(whole!))
      expect(inSegments!.outputs).toEqual({ y: floats([2, 2], -1, 2, -3, 4) })
    })

    test('follows values of which nobody knows the size before they are there', async () => {
      const model = await loaded('growing', growing)
      const shape = { shape: longs([1], 100_000n) }
      const [whole, inSegments] = await Promise.all(both().map((each) => each.trace(model, shape)))
      expect(whole!.outputs).toEqual({ y: floats([], 200_000) })
      expect(hexes(inSegments!)).toEqual(hexes(whole!))
    })

    test('gives one hash for each value of every operator, in one piece and in segments', async () => {
      for (const { name: of, bytes, inputs } of sweep) {
        const model = await loaded(of, bytes, engine)
        const [whole, inSegments] = await Promise.all(both().map((each) => each.trace(model, inputs)))
        expect([of, hexes(inSegments!)]).toEqual([of, hexes(whole!)])
        expect(hashTensors(inSegments!.outputs)).toEqual(hashTensors(whole!.outputs))
      }
    })

    test("computes the traced bits, whatever a model's publisher says of plain runs", async () => {
      for (const { name: of, bytes, inputs } of sweep) {
        const model = await loaded(of, bytes, engine)
        const { outputs } = await engine.trace(model, inputs)
        await engine.load({ ...model, manifest: { ...model.manifest, canonicalRun: 'plain' } })
        expect([of, hashTensors((await engine.run(of, inputs)).outputs)]).toEqual([of, hashTensors(outputs)])
      }
    })

    test('says what is wrong with an input, and refuses what is no model', async () => {
      const model = await loaded('sums', sums)
      expect(await faultFrom(engine.trace(model, {}))).toMatchObject({ code: 'WRONG_INPUT', input: 'x' })
      const bytes = new TextEncoder().encode('just a text file')
      expect(await faultFrom(engine.trace({ ...model, bytes }, x))).toMatchObject({ code: 'MODEL_NOT_ONNX' })
      expect(await faultFrom(engine.runOnce(bytes, x))).toMatchObject({ code: 'MODEL_NOT_ONNX' })
    })

    test('returns no more than a trace may', async () => {
      const model = await loaded('growing', growing)
      const shape = { shape: longs([1], 17n << 20n) }
      const fault = await faultFrom(engine.trace(model, shape, { keep: ['many'] }))
      expect(fault).toEqual({ code: 'TOO_LARGE', what: 'values', bytes: 68 << 20, limit: 64 << 20 })
    })

    test('stops what runs too long, and one that is cancelled; the next is traced as ever', async () => {
      const [model, next] = [await loaded('endless', endless), await loaded('sums', sums)]
      const one = { x: floats([1], 1) }
      const hasty = await open({ traceLimit: 1_000 })
      expect(await faultFrom(hasty.trace(model, one))).toEqual({ code: 'ENGINE_TIMED_OUT', limitMs: 1_000 })
      const cancel = new AbortController()
      const cancelled = faultFrom(engine.trace(model, one, { signal: cancel.signal }))
      cancel.abort()
      expect(await cancelled).toEqual({ code: 'CANCELLED' })
      expect((await engine.trace(next, x)).outputs).toEqual({ y: floats([2], 10, -25) })
      await hasty.close()
    })

    test('runs one operator alone, and refuses what nobody could run again', async () => {
      const model = await loaded('sums', sums)
      const { leaf, cut } = await openSurgery(model)
      const given = { a: floats([2], 2, -5), b: floats([2], 4, -10) }
      const alone = cut(
        leaf(2, () => true),
        given,
      )
      expect((await engine.runOnce(alone, given)).outputs).toEqual({ c: floats([2], 6, -15) })
      const random = buildModel({ ...sums, nodes: [{ type: 'RandomNormalLike', inputs: ['x'], outputs: ['y'] }] })
      expect(await faultFrom(engine.runOnce(random, x))).toMatchObject({ code: 'MODEL_REFUSED' })
    })
  })
}

/** Every value of real models, wherever and however they are traced. `read` gives a model's bytes. */
export function realTracesKit(
  name: string,
  open: Open,
  read: ((model: string) => Promise<Uint8Array>) | undefined,
): void {
  describe.skipIf(read === undefined)(`${name}, tracing real models`, { timeout: 60_000 }, () => {
    let engine: ModelEngine
    let narrow: ModelEngine
    beforeAll(async () => {
      ;[engine, narrow] = await Promise.all([open(), open({ traceRoom: 1 })])
    })
    afterAll(() => Promise.all([engine.close(), narrow.close()]))

    const realModel = async (model: string): Promise<{ model: Runnable; inputs: Tensors }> => {
      if (!read) throw new Error('there are no real models')
      const runnable = await loaded(model, await read(model), engine)
      return { model: runnable, inputs: seededInputs(runnable.manifest, 3, SIZES[model]) }
    }

    test.each(REAL_MODELS)('gives one hash for each value of %s, in one piece and in segments', async (id) => {
      const { model, inputs } = await realModel(id)
      const { outline } = await openSurgery(model)
      const whole = await engine.trace(model, inputs)
      expect(hex(hashTensors(whole.outputs))).toBe(CANONICAL_OUTPUTS[id])
      expect(whole.values).toHaveLength(outline.values.length)
      for (const [output, tensor] of Object.entries(whole.outputs)) {
        const place = outline.values.findIndex((made) => made.name === output)
        expect(hex(whole.values[place] ?? new Uint8Array())).toBe(hex(valueHash(output, tensor)))
      }
      const inSegments = await narrow.trace(model, inputs)
      expect(hexes(inSegments)).toEqual(hexes(whole))
      expect(inSegments.outputs).toEqual(whole.outputs)
    })
  })
}
