import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { GraphInit, NodeInit } from '../../../src/adapters/onnx/build-model.ts'
import { inspectModel } from '../../../src/adapters/onnx/inspect-model.ts'
import { putBytes, putMessage, putText, written } from '../../../src/adapters/onnx/wire.ts'
import { MootError } from '../../../src/domain/fault.ts'
import { buildModel, doubling, endless, floats, value } from '../../kits/onnx-builder.ts'

const shared = new URL('../../../../shared/models/', import.meta.url)
const real = existsSync(shared) ? readdirSync(shared).filter((file) => file.endsWith('.onnx')) : []

/** What a reader that never breaks does with any bytes: gives facts, or a fault. Returns the fault's code. */
function codeOf(bytes: Uint8Array): string {
  try {
    return inspectModel(bytes).nodes > 0 ? 'fine' : 'empty'
  } catch (error) {
    if (error instanceof MootError) return error.fault.code
    throw error
  }
}

const nested = (depth: number): GraphInit => ({
  ...doubling,
  nodes: [{ type: 'Loop', inputs: ['x'], outputs: ['y'], attributes: depth === 0 ? {} : { body: nested(depth - 1) } }],
})

/** A sound model with more behind it. */
const appended = (more: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([buildModel(doubling), more]))

const using = (...nodes: NodeInit[]): Uint8Array => buildModel({ ...doubling, nodes })

describe('reading an ONNX file', () => {
  test('says what a caller must give, and what comes back', () => {
    const facts = inspectModel(
      buildModel({
        nodes: [
          { type: 'MatMul', inputs: ['x', 'w'], outputs: ['h'] },
          { type: 'Relu', inputs: ['h'], outputs: ['y'] },
        ],
        initialisers: { w: floats([2, 1], 1, 2) },
        inputs: [value('x', 'float32', null, 2), value('w', 'float32', 2, 1)],
        outputs: [value('y', 'float32', null, 1)],
      }),
    )
    expect(facts).toMatchObject({
      opsets: { '': 17 },
      inputs: [{ name: 'x', dtype: 'float32', dims: [null, 2] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [null, 1] }],
      operators: [{ type: 'MatMul' }, { type: 'Relu' }],
      intermediates: ['h'],
      arithmetic: 'fp32',
      externalData: false,
    })
  })

  test('finds the operators in the bodies of loops', () => {
    expect(inspectModel(buildModel(endless)).operators.map(({ type }) => type)).toEqual(['Identity', 'Add', 'Loop'])
  })

  test.each([
    ['fp32', using({ type: 'Conv', inputs: ['x'], outputs: ['y'] })],
    [
      'integer',
      using(
        { type: 'QLinearConv', inputs: ['x'], outputs: ['h'] },
        { type: 'DequantizeLinear', inputs: ['h'], outputs: ['y'] },
      ),
    ],
    [
      'qdq',
      using(
        { type: 'DequantizeLinear', inputs: ['x'], outputs: ['h'] },
        { type: 'Conv', inputs: ['h'], outputs: ['y'] },
      ),
    ],
    [
      'qdq',
      using({ type: 'QLinearConv', inputs: ['x'], outputs: ['h'] }, { type: 'Softmax', inputs: ['h'], outputs: ['y'] }),
    ],
    ['fp16', using({ type: 'Cast', inputs: ['x'], outputs: ['y'], attributes: { to: 10 } })],
  ])('tells the arithmetic: %s', (arithmetic, bytes) => {
    expect(inspectModel(bytes).arithmetic).toBe(arithmetic)
  })

  test('merges a graph that stands in two places, as the engine does', () => {
    const more = written(putMessage(7, putMessage(12, putText(1, 'z'))))
    const facts = inspectModel(appended(more))
    expect(facts.undeclaredOutputs).toEqual(['z'])
  })

  test.each([
    ['nothing', new Uint8Array(0), 'MODEL_NOT_ONNX'],
    ['a text', new TextEncoder().encode('<!doctype html><title>not found</title>'), 'MODEL_NOT_ONNX'],
    ['a model cut short', buildModel(doubling).subarray(0, 60), 'MODEL_NOT_ONNX'],
    ['graphs eight deep and more', buildModel(nested(8)), 'MODEL_REFUSED'],
    ['sparse weights', appended(written(putMessage(7, putMessage(15, putText(1, 'w'))))), 'MODEL_REFUSED'],
    ['a name without end', using({ type: 'x'.repeat(2_000), inputs: [], outputs: ['y'] }), 'MODEL_REFUSED'],
    [
      'a file of nothing but small parts',
      appended(
        written(
          putBytes(
            7,
            new Uint8Array(10_000_000).map((_, i) => (i % 2 ? 0 : 18)),
          ),
        ),
      ),
      'MODEL_REFUSED',
    ],
    [
      'a million operators',
      appended(
        written(
          putBytes(
            7,
            new Uint8Array(2_000_000).map((_, i) => (i % 2 ? 0 : 10)),
          ),
        ),
      ),
      'MODEL_REFUSED',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test('never breaks on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(['fine', 'MODEL_NOT_ONNX', 'MODEL_REFUSED']).toContain(codeOf(bytes))
      }),
      { numRuns: 2_000 },
    )
  })

  test('never breaks on a model that was cut short or altered', () => {
    const models = [doubling, endless, nested(3)].map((graph) => buildModel(graph))
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
        (model, end, flips) => {
          const bytes = model.slice(0, (end % model.length) + 1)
          for (const [at, bits] of flips) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ bits
          expect(['fine', 'MODEL_NOT_ONNX', 'MODEL_REFUSED']).toContain(codeOf(bytes))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test.skipIf(real.length === 0)('never breaks on a real model that was cut short or altered', () => {
    const models = real.map((file) => new Uint8Array(readFileSync(new URL(file, shared))))
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (model, at, bits, cut) => {
          const bytes = cut ? model.slice(0, at % model.length) : model.slice()
          bytes[at % 4_096] = (bytes[at % 4_096] ?? 0) ^ bits
          expect(['fine', 'MODEL_NOT_ONNX', 'MODEL_REFUSED']).toContain(codeOf(bytes))
        },
      ),
      { numRuns: 200 },
    )
  })
})
