import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { GraphInit, NodeInit } from '../../../src/adapters/onnx/build-model.ts'
import { inspectModel } from '../../../src/adapters/onnx/inspect-model.ts'
import { putBytes, putInteger, putMessage, putText, written } from '../../../src/adapters/onnx/wire.ts'
import { MootError } from '../../../src/domain/fault.ts'
import { buildModel, doubling, endless, floats, parted, value, weighted } from '../../kits/onnx-builder.ts'

const shared = new URL('../../../../shared/models/', import.meta.url)
const real = existsSync(shared) ? readdirSync(shared).filter((file) => file.endsWith('.onnx')) : []

/** What a reader that never breaks does with any bytes: gives facts, or a fault. */
function outcomeOf(bytes: Uint8Array): { code: string; why?: string } {
  try {
    return { code: inspectModel(bytes).operators.length > 0 ? 'fine' : 'empty' }
  } catch (error) {
    if (error instanceof MootError) return error.fault
    throw error
  }
}

const codeOf = (bytes: Uint8Array): string => outcomeOf(bytes).code

const nested = (depth: number): GraphInit => ({
  ...doubling,
  nodes: [{ type: 'Loop', inputs: ['x'], outputs: ['y'], attributes: depth === 0 ? {} : { body: nested(depth - 1) } }],
})

/** A sound model with more behind it. */
const appended = (more: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([buildModel(doubling), more]))

const using = (...nodes: NodeInit[]): Uint8Array => buildModel({ ...doubling, nodes })
const usingOne = (type: string, more: Partial<NodeInit> = {}) => using({ type, inputs: ['x'], outputs: ['y'], ...more })

/** A sound model with more weights, as the fields of a tensor. */
const withTensor = (...parts: Parameters<typeof putMessage>[1][]) =>
  appended(written(putMessage(7, putMessage(5, putText(8, 'w'), ...parts))))
const elsewhere = (location: string) =>
  withTensor(putMessage(13, putText(1, 'location'), putText(2, location)), putInteger(14, 1))
const metadata = (key: string, text: string) => putMessage(14, putText(1, key), putText(2, text))

describe('reading an ONNX file', { timeout: 20_000 }, () => {
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
      opset: 17,
      inputs: [{ name: 'x', dtype: 'float32', dims: [null, 2] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [null, 1] }],
      operators: [
        { type: 'MatMul', count: 1 },
        { type: 'Relu', count: 1 },
      ],
      parameters: 2,
      intermediates: ['h'],
      arithmetic: 'fp32',
      weights: [],
    })
  })

  test('counts the operators in the bodies of loops', () => {
    expect(inspectModel(buildModel(endless)).operators).toEqual([
      { domain: '', type: 'Identity', count: 1 },
      { domain: '', type: 'Add', count: 1 },
      { domain: '', type: 'Loop', count: 1 },
    ])
  })

  test('estimates the memory of a run: weights twice, inputs and outputs once', () => {
    const [weights, values] = [64 * 32 + 1, 4 * 64 + 4 * 32]
    expect(inspectModel(buildModel(weighted))).toMatchObject({
      parameters: weights,
      memory: 4 * (2 * weights + values),
    })
  })

  test('names the files in which weights lie, and how long each must be', () => {
    const { bytes, weights } = parted({ path: './data/weights.bin' })
    expect(inspectModel(bytes)).toMatchObject({
      parameters: 64 * 32 + 1,
      weights: [{ path: 'data/weights.bin', bytes: weights[0]?.bytes.length }],
    })
  })

  test('lists what exporters wrote beside the graph, and leaves out what is too long or too much', () => {
    const many = Array.from({ length: 80 }, (_, i) => metadata(`key ${i}`, 'text'))
    const facts = inspectModel(
      appended(written(metadata('names', 'cat,dog'), metadata('x', 'y'.repeat(1_025)), ...many)),
    )
    expect(facts.metadata).toMatchObject({ 'names': 'cat,dog', 'key 0': 'text' })
    expect(facts.metadata).not.toHaveProperty('x')
    expect(Object.keys(facts.metadata)).toHaveLength(64)
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
    ['fp16', using({ type: 'EyeLike', inputs: ['x'], outputs: ['y'], attributes: { dtype: 10 } })],
  ])('tells the arithmetic: %s', (arithmetic, bytes) => {
    expect(inspectModel(bytes).arithmetic).toBe(arithmetic)
  })

  test('merges a graph that stands in two places, as the engine does', () => {
    const more = written(putMessage(7, putMessage(12, putText(1, 'z'))))
    expect(inspectModel(appended(more)).undeclaredOutputs).toEqual(['z'])
  })

  test('counts weights whose dimensions are packed into one field', () => {
    const packed = withTensor(putBytes(1, Uint8Array.of(3, 2)), putInteger(2, 1), putBytes(9, new Uint8Array(24)))
    expect(inspectModel(packed).parameters).toBe(6)
  })

  test.each([
    ['random operators', usingOne('RandomNormalLike'), 'RandomNormalLike'],
    ['random operators of the canon’s own', usingOne('Sampling', { domain: 'com.microsoft' }), 'Sampling'],
    ['a Dropout that drops', usingOne('Dropout', { inputs: ['x', 'ratio', 'training'] }), 'Dropout'],
    ['a cache that it writes into', usingOne('PagedAttention', { domain: 'com.microsoft' }), 'PagedAttention'],
    [
      'a step of training',
      usingOne('Gradient', { domain: 'ai.onnx.preview.training' }),
      'made for training (Gradient)',
    ],
    ['operators of others', usingOne('Tokenize', { domain: 'ai.onnx.contrib' }), 'ai.onnx.contrib'],
    ['a random operator in a loop', buildModel(randomLoop()), 'RandomUniform'],
    ['an opset from the future', buildModel(doubling, { opset: 99 }), 'opset 99'],
    ['a format from the future', appended(written(putInteger(1, 99))), 'version 99'],
    ['weights above its folder', elsewhere('../weights.bin'), 'outside its own folder'],
    ['weights at an absolute path', elsewhere('/etc/passwd'), 'outside its own folder'],
    ['weights at an address in memory', elsewhere('*/_ORT_MEM_ADDR_/*'), 'outside its own folder'],
    ['weights nowhere', withTensor(putInteger(14, 1)), 'outside its own folder'],
    ['functions of its own', appended(written(putMessage(25, putText(1, 'f')))), 'of its own'],
    ['inputs of strings', stringInput(), '"words"'],
    ['sparse weights', appended(written(putMessage(7, putMessage(15, putText(1, 'w'))))), 'sparse'],
    ['weights of an impossible shape', withTensor(putInteger(1, -1)), 'impossible shape'],
    ['graphs eight deep and more', buildModel(nested(8)), 'deeper than 8'],
    ['a name without end', usingOne('x'.repeat(2_000)), 'longer than 1024'],
    ['nothing but small parts', appended(written(putBytes(7, repeated(18, 10_000_000)))), 'too many small parts'],
    ['a million operators', appended(written(putBytes(7, repeated(10, 2_000_000)))), 'more than 100000 operators'],
  ])('refuses a model with %s, and says so', (_, bytes, named) => {
    expect(outcomeOf(bytes)).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining(named) })
  })

  test.each([
    ['nothing', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('<!doctype html><title>not found</title>')],
    ['a model cut short', buildModel(doubling).subarray(0, 60)],
    ['groups, which no exporter writes', appended(Uint8Array.of(0x7b, 0x7c))],
    ['weights that it says it has and has not', withTensor(putInteger(1, 2 ** 40), putInteger(2, 1))],
  ])('knows that %s is no model', (_, bytes) => {
    expect(codeOf(bytes)).toBe('MODEL_NOT_ONNX')
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
    const models = [...[doubling, endless, nested(3)].map((graph) => buildModel(graph)), parted().bytes]
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

/** A tag and an empty content, again and again. */
function repeated(tag: number, length: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => (i % 2 ? 0 : tag))
}

function randomLoop(): GraphInit {
  const body: GraphInit = { ...doubling, nodes: [{ type: 'RandomUniform', inputs: [], outputs: ['y'] }] }
  return { ...doubling, nodes: [{ type: 'Loop', inputs: ['x'], outputs: ['y'], attributes: { body } }] }
}

function stringInput(): Uint8Array {
  const more = written(
    putMessage(7, putMessage(11, putText(1, 'words'), putMessage(2, putMessage(1, putInteger(1, 8))))),
  )
  return Uint8Array.of(...buildModel(doubling), ...more)
}
