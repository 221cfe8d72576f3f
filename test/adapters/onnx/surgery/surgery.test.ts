import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GraphInit, NodeInit } from '../../../../src/adapters/onnx/build-model.ts'
import { around, fieldsOf, joined, type WireField } from '../../../../src/adapters/onnx/surgery/fields.ts'
import { inspectModel } from '../../../../src/adapters/onnx/inspect-model.ts'
import { openSurgery } from '../../../../src/adapters/onnx/surgery/index.ts'
import { putInteger, putMessage, putText, written } from '../../../../src/adapters/onnx/wire.ts'
import { hashTensors } from '../../../../src/domain/commitment.ts'
import { MootError, type Fault } from '../../../../src/domain/fault.ts'
import { hex } from '../../../../src/domain/hash.ts'
import type { Tensor, Tensors } from '../../../../src/domain/tensor.ts'
import { buildModel, floats, longs, parted, tensorAttribute, value, weighted } from '../../../kits/onnx-builder.ts'
import { runExposed, runWhole } from '../../../kits/canon-runs.ts'
import { only, replayAlone, unlike } from '../../../kits/replay.ts'

const open = (graph: GraphInit) => openSurgery({ bytes: buildModel(graph), weights: [] })
const x = floats([2, 2], 1, -2, 3, -4)
const truth: Tensor = { dtype: 'bool', dims: [], data: Uint8Array.of(1) }
const everything = () => true

/** A chain of operators on `x`, each named by its output. */
const chain = (...nodes: NodeInit[]): GraphInit => ({
  nodes,
  inputs: [value('x', 'float32', 2, 2)],
  outputs: [value(nodes.at(-1)?.outputs[0] ?? '', 'float32', 2, 2)],
})

const unary = (type: string, from: string, to: string): NodeInit => ({ type, inputs: [from], outputs: [to] })

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error: unknown = await promise.catch((reason: unknown) => reason)
  if (error instanceof MootError) return error.fault
  throw new Error('nothing was refused')
}

/** Sums 1 · x · scale, 2 · x · scale … inside a body that takes `x` and a weight from outside, through a nested `If`. */
const looping: GraphInit = {
  nodes: [
    unary('Neg', 'x', 'minus'),
    {
      type: 'Loop',
      inputs: ['times', 'go', 'x'],
      outputs: ['sum', 'steps'],
      attributes: {
        body: {
          nodes: [
            unary('Identity', 'go_in', 'go_out'),
            {
              type: 'If',
              inputs: ['go_in'],
              outputs: ['step'],
              attributes: {
                then_branch: {
                  // `minus` and `scale` come from the main graph, `state` from the loop.
                  nodes: [
                    { type: 'Mul', inputs: ['minus', 'scale'], outputs: ['product'] },
                    { type: 'Add', inputs: ['product', 'state'], outputs: ['then'] },
                  ],
                  inputs: [],
                  outputs: [value('then', 'float32', 2, 2)],
                },
                else_branch: {
                  nodes: [unary('Identity', 'state', 'else')],
                  inputs: [],
                  outputs: [value('else', 'float32', 2, 2)],
                },
              },
            },
            unary('Identity', 'step', 'scan'),
          ],
          inputs: [value('i', 'int64'), value('go_in', 'bool'), value('state', 'float32', 2, 2)],
          outputs: [value('go_out', 'bool'), value('step', 'float32', 2, 2), value('scan', 'float32', 2, 2)],
        },
      },
    },
    unary('Abs', 'x', 'plus'),
    { type: 'Sub', inputs: ['sum', 'plus'], outputs: ['y'] },
  ],
  initialisers: { times: longs([], 3n), go: truth, scale: floats([], 0.1) },
  inputs: [value('x', 'float32', 2, 2)],
  outputs: [value('y', 'float32', 2, 2)],
}

describe('the outline of a model', { timeout: 30_000 }, () => {
  test('says what each operator takes and makes, weights and what bodies capture included', async () => {
    const { outline } = await open(looping)
    expect(outline.operators).toEqual([
      { index: 0, type: 'Neg', name: '', takes: ['x'], makes: ['minus'] },
      { index: 1, type: 'Loop', name: '', takes: ['times', 'go', 'x', 'minus', 'scale'], makes: ['sum', 'steps'] },
      { index: 2, type: 'Abs', name: '', takes: ['x'], makes: ['plus'] },
      { index: 3, type: 'Sub', name: '', takes: ['sum', 'plus'], makes: ['y'] },
    ])
    expect(outline.values.map(({ name }) => name)).toEqual(['minus', 'sum', 'steps', 'plus', 'y'])
  })

  test('takes nothing from outside that a body is given, holds or makes, though it has the same name there', async () => {
    const branch: GraphInit = {
      nodes: [
        { type: 'Sum', inputs: ['made', 'held', 'given', 'outer'], outputs: ['inner'] },
        unary('Neg', 'x', 'made'),
      ],
      initialisers: { held: floats([], 1) },
      inputs: [value('given', 'float32')],
      outputs: [value('inner', 'float32', 2, 2)],
    }
    const names = ['made', 'held', 'given', 'outer']
    const { outline } = await open(
      chain(
        ...names.map((name) => unary('Abs', 'x', name)),
        {
          type: 'If',
          inputs: ['condition'],
          outputs: ['y'],
          attributes: { then_branch: branch, else_branch: { ...branch, nodes: [unary('Neg', 'condition', 'inner')] } },
        },
        unary('Neg', 'x', 'condition'),
      ),
    )
    expect(outline.operators[4]).toMatchObject({ type: 'If', takes: ['condition', 'outer', 'x'] })
    expect(outline.values.map(({ operator }) => operator)).toEqual([0, 1, 2, 3, 5, 4])
  })

  test('follows the file wherever its order holds, else takes the first operator that is ready', async () => {
    const nodes = [
      { type: 'Add', inputs: ['c', 'a'], outputs: ['y'] },
      unary('Relu', 'b', 'c'),
      unary('Neg', 'x', 'a'),
      unary('Abs', 'x', 'b'),
      unary('Abs', 'x', 'unused'),
    ]
    const { outline } = await open(chain(...nodes, unary('Neg', 'y', 'z')))
    expect(outline.values.map(({ operator }) => operator)).toEqual([2, 3, 1, 0, 4, 5])
    expect(outline.operators.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('puts each value behind those that it is made of, in any order of the file', async () => {
    const links = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
    const shuffled = links.chain((all) =>
      fc.record({ all: fc.constant(all), order: fc.shuffledSubarray([...all.keys()], { minLength: all.length }) }),
    )
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ all, order }) => {
        const takes = (i: number) => ['x', ...(all[i] ?? []).flatMap((n) => (i === 0 ? [] : `v${n % i}`))]
        const nodes = order.map((i) => ({ type: 'Sum', inputs: takes(i), outputs: [`v${i}`] }))
        const { outline } = await open(chain(...nodes))
        const place = new Map(outline.values.map(({ name }, at) => [name, at]))
        expect(place.size).toBe(all.length)
        for (const [i] of all.entries())
          for (const name of takes(i)) expect(place.get(name) ?? -1).toBeLessThan(place.get(`v${i}`)!)
        const isSorted = order.every((i, at) => i === at)
        if (isSorted) expect(outline.values.map(({ operator }) => operator)).toEqual(order)
      }),
      { numRuns: 200 },
    )
  })

  test('orders twenty thousand operators that lie the wrong way round', async () => {
    const count = 20_000
    const nodes = Array.from({ length: count }, (_, i) => unary('Neg', i === count - 1 ? 'x' : `v${i + 1}`, `v${i}`))
    const { outline } = await open({ ...chain(...nodes), outputs: [value('v0', 'float32', 2, 2)] })
    expect(outline.values[0]).toEqual({ name: `v${count - 1}`, operator: count - 1 })
    expect(outline.values.at(-1)).toEqual({ name: 'v0', operator: 0 })
  })

  test.each<[string, GraphInit, RegExp]>([
    ['operators in a circle', chain(unary('Neg', 'b', 'a'), unary('Neg', 'a', 'b')), /circle/],
    ['an operator that waits for itself', chain(unary('Neg', 'a', 'a')), /circle/],
    ['a value that two make', chain(unary('Neg', 'x', 'a'), unary('Abs', 'x', 'a')), /two values named "a"/],
    ['an input that is made as well', chain(unary('Neg', 'x', 'x')), /two values named "x"/],
    ['a value that nobody makes', chain(unary('Neg', 'ghost', 'a')), /nothing makes "ghost"/],
    ['a random operator', chain(unary('RandomNormalLike', 'x', 'a')), /at random/],
  ])('is refused of a model with %s', async (_, graph, why) => {
    expect(await faultOf(open(graph))).toEqual({ code: 'MODEL_REFUSED', why: expect.stringMatching(why) })
  })

  test('is refused of altered bytes, or comes out whole', async () => {
    const model = buildModel(looping)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = new Uint8Array(model)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const opened = openSurgery({ bytes, weights: [] })
        const found: unknown = await opened.then(
          ({ outline }) => outline.values.length,
          (error: unknown) => error,
        )
        const code = found instanceof MootError ? found.fault.code : found
        expect(typeof code === 'number' || code === 'MODEL_NOT_ONNX' || code === 'MODEL_REFUSED').toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the leaf of a value', () => {
  test('is the operator that makes it, and what must be given: no weights, no constants', async () => {
    const constant = {
      type: 'Constant',
      inputs: [],
      outputs: ['half'],
      attributes: { value: tensorAttribute(floats([], 0.5)) },
    }
    const { leaf } = await open({
      ...chain(
        constant,
        unary('Neg', 'x', 'a'),
        { type: 'Clip', inputs: ['a', '', 'most'], outputs: ['b'] },
        {
          type: 'Mul',
          inputs: ['b', 'half'],
          outputs: ['y'],
        },
      ),
      initialisers: { most: floats([], 2) },
    })
    expect([0, 1, 2, 3].map((at) => leaf(at, everything))).toEqual([
      { operators: [0], needs: [] },
      { operators: [1], needs: ['x'] },
      { operators: [2], needs: ['a'] },
      { operators: [3], needs: ['b'] },
    ])
  })

  test('reaches back over sequences to what can be carried', async () => {
    const { leaf, outline } = await open(sequences)
    const isCarried = (place: number) => !outline.values[place]!.name.startsWith('seq')
    expect(
      leaf(
        outline.values.findIndex(({ name }) => name === 'y'),
        isCarried,
      ),
    ).toEqual({
      operators: [1, 2, 3],
      needs: ['x', 'a'],
    })
  })
})

/** `y` comes out of a sequence that another sequence went into. */
const sequences: GraphInit = {
  nodes: [
    unary('Neg', 'x', 'a'),
    { type: 'SequenceConstruct', inputs: ['x', 'a'], outputs: ['seq'] },
    { type: 'SequenceInsert', inputs: ['seq', 'a'], outputs: ['seq_more'] },
    { type: 'SequenceAt', inputs: ['seq_more', 'last'], outputs: ['y'] },
    unary('Abs', 'y', 'z'),
  ],
  initialisers: { last: longs([], 2n) },
  inputs: [value('x', 'float32', 2, 2)],
  outputs: [value('z', 'float32', 2, 2)],
}

/** `weighted` as old exporters wrote it: format 3, weights among the inputs. */
function oldFormat(): Uint8Array {
  const { initialisers = {}, ...graph } = weighted
  const declared = Object.entries(initialisers).map(([name, { dtype, dims }]) => value(name, dtype, ...dims))
  const model = buildModel({ ...graph, initialisers, inputs: [...graph.inputs, ...declared] }, { opset: 8 })
  return joined([written(putInteger(1, 3)), ...[...fieldsOf(model, { fields: 100 })].slice(1).map(({ raw }) => raw)])
}

/** Every field of a model's graph in a graph of its own, the way round in which nobody writes them. */
function inParts(model: Uint8Array): Uint8Array {
  const budget = { fields: 1_000 }
  const parts = [...fieldsOf(model, budget)].flatMap(({ number, raw, content }) =>
    number === 7
      ? [...fieldsOf(content, budget)].map((field) => written(putMessage(7, (writer) => writer.raw(field.raw))))
      : [raw],
  )
  return joined(parts)
}

const lstm: GraphInit = {
  nodes: [
    {
      type: 'LSTM',
      inputs: ['x', 'w', 'r'],
      outputs: ['', '', 'cell'],
      attributes: { hidden_size: 2 },
    },
    unary('Neg', 'cell', 'y'),
  ],
  initialisers: {
    w: floats([1, 8, 2], ...Array.from({ length: 16 }, (_, i) => Math.sin(i))),
    r: floats([1, 8, 2], ...Array.from({ length: 16 }, (_, i) => Math.cos(i))),
  },
  inputs: [value('x', 'float32', 3, 1, 2)],
  outputs: [value('y', 'float32', 1, 1, 2)],
}

const shared: GraphInit = {
  ...chain({ type: 'Add', inputs: ['x', 'w'], outputs: ['y'] }, { type: 'Mul', inputs: ['y', 'w'], outputs: ['z'] }),
  initialisers: { w: floats([2, 2], 1, 2, 3, 4) },
  outputs: [value('w', 'float32', 2, 2), value('z', 'float32', 2, 2), value('y', 'float32', 2, 2)],
}

const unsorted = chain(unary('Neg', 'a', 'y'), unary('Abs', 'x', 'a'))

/** A constant from which the engine packs weights beforehand: it must stay one. */
const constants: GraphInit = {
  nodes: [
    {
      type: 'Constant',
      inputs: [],
      outputs: ['w'],
      attributes: { value: tensorAttribute(floats([2, 2], 0.1, 0.2, 0.3, 0.4)) },
    },
    { type: 'Constant', inputs: [], outputs: ['shape'], attributes: { value_ints: [4, 1] } },
    { type: 'MatMul', inputs: ['x', 'w'], outputs: ['a'] },
    { type: 'Reshape', inputs: ['a', 'shape'], outputs: ['y'] },
  ],
  inputs: [value('x', 'float32', 2, 2)],
  outputs: [value('y', 'float32', 4, 1)],
}

const halfX: Tensor = {
  dtype: 'float16',
  dims: [2, 2],
  data: new Uint8Array(Uint16Array.of(0x3555, 0xb800, 0x4200, 0x2e66).buffer),
}

const half: GraphInit = {
  nodes: ['Sigmoid', 'Tanh', 'Exp', 'Sqrt', 'Softmax'].map((type, i) =>
    unary(type, i === 0 ? 'x' : `v${i - 1}`, `v${i}`),
  ),
  inputs: [value('x', 'float16', 2, 2)],
  outputs: [value('v4', 'float16', 2, 2)],
}

const weightedX = {
  x: { dtype: 'float32', dims: [4, 64], data: weighted.initialisers!['w']!.data.slice(0, 1024) },
} as const

const whole = (graph: GraphInit) => ({ bytes: buildModel(graph), weights: [] })

const CASES: Readonly<
  Record<string, { model: { bytes: Uint8Array; weights: { path: string; bytes: Uint8Array }[] }; inputs: Tensors }>
> = {
  'a loop whose body captures values and weights through a nested if': { model: whole(looping), inputs: { x } },
  'sequences between operators': { model: whole(sequences), inputs: { x } },
  'an operator of whose outputs some are left out': {
    model: whole(lstm),
    inputs: { x: floats([3, 1, 2], 1, 2, 3, 4, 5, 6) },
  },
  'a weight that is an output as well': { model: whole(shared), inputs: { x } },
  'weights that are constants': { model: whole(constants), inputs: { x } },
  'operators in an order that does not hold': { model: whole(unsorted), inputs: { x } },
  'half precision': { model: whole(half), inputs: { x: halfX } },
  'weights in a file beside it': { model: parted(), inputs: weightedX },
  'weights among the inputs, as in old files': { model: { bytes: oldFormat(), weights: [] }, inputs: weightedX },
  'a graph in many parts': { model: { bytes: inParts(buildModel(looping)), weights: [] }, inputs: { x } },
}

describe('an operator cut out of a model', { timeout: 30_000 }, () => {
  test.each(Object.keys(CASES))('gives the bits of the whole run: %s', async (name) => {
    const { model, inputs } = CASES[name]!
    const rows = await replayAlone(model, inputs)
    expect(rows.length).toBeGreaterThan(0)
    expect(unlike(rows)).toEqual([])
  })

  test.each(Object.keys(CASES))('gives the bits of the whole run with its neighbours as well: %s', async (name) => {
    const { model, inputs } = CASES[name]!
    const { outline, leaf, segment, cut } = await openSurgery(model)
    const values: Tensors = { ...inputs, ...(await runExposed(model, inputs)) }
    const isCarried = (place: number) => outline.values[place]!.name in values
    for (let first = 0; first < outline.values.length - 1; first++) {
      const places = [first, first + 1, first + 2].filter((place) => place < outline.values.length)
      const part = segment(places.flatMap((place) => leaf(place, isCarried).operators))
      const bytes = cut(part, values)
      const outputs = await runWhole({ bytes, weights: [] }, only(values, part.needs))
      const expected = only(values, Object.keys(outputs))
      expect(Object.keys(outputs).length).toBeGreaterThan(0)
      expect(hex(hashTensors(outputs))).toBe(hex(hashTensors(expected)))
    }
  })

  test('is the same bytes however its inputs are given, and wherever it is cut', async () => {
    const surgery = await open(looping)
    const again = await openSurgery({ bytes: inParts(buildModel(looping)), weights: [] })
    const leaf = surgery.leaf(1, everything)
    const values = { x, minus: floats([2, 2], 5, 6, 7, 8) }
    const once = surgery.cut(leaf, values)
    expect(surgery.cut(leaf, { ...values, unused: x })).toEqual(once)
    expect(again.cut(again.leaf(1, everything), { minus: x, x: values.minus })).toEqual(once)
    expect(inspectModel(once)).toMatchObject({
      inputs: [value('x', 'float32', 2, 2), value('minus', 'float32', 2, 2)],
      undeclaredOutputs: ['sum', 'steps'],
      metadata: {},
    })
  })

  test('keeps what it is made of as the file has it, and nothing else', async () => {
    const model = joined([buildModel(looping), written(putMessage(14, putText(1, 'author'), putText(2, 'somebody')))])
    const { leaf, cut } = await openSurgery({ bytes: model, weights: [] })
    const alone = cut(leaf(3, everything), { x })
    const nodes = (bytes: Uint8Array) => graphOf(bytes).filter(({ number }) => number === 1)
    expect(nodes(alone).map(({ raw }) => raw)).toEqual([nodes(model)[2]?.raw])
    expect(alone.length).toBeLessThan(120)
    expect(text(alone)).not.toContain('somebody')
  })

  test('has the outputs that are wanted, in the order of computing', async () => {
    const { segment, cut } = await open(looping)
    const part = segment([3, 2, 1, 0])
    expect(part).toEqual({ operators: [0, 1, 2, 3], needs: ['x'] })
    const alone = cut(part, { x }, { wanted: ['y', 'minus'] })
    expect(inspectModel(alone).undeclaredOutputs).toEqual(['minus', 'y'])
    const outputs = await runWhole({ bytes: alone, weights: [] }, { x })
    expect(Object.keys(outputs)).toEqual(['minus', 'y'])
    expect(() => cut(part, { x }, { wanted: ['steps', 'ghost'] })).toThrow(/do not make/)
  })

  test('is refused without what it needs', async () => {
    const { leaf, cut } = await open(looping)
    expect(() => cut(leaf(1, everything), { x })).toThrow(/"minus" is not given/)
  })

  test.each<[string, (tensor: WireField) => Uint8Array]>([
    ['a constant', ({ content }) => operator('Constant', 'value', ATTRIBUTE.tensor, content)],
    ['a body', ({ raw }) => operator('If', 'then_branch', ATTRIBUTE.graph, raw)],
  ])('carries the weights of %s from a file beside the model', async (_, write) => {
    const { bytes, weights } = parted()
    const beside = graphOf(bytes).find(({ number, raw }) => number === 5 && text(raw).includes('weights.bin'))
    if (!beside) throw new Error('nothing lies beside the model')
    const rest = graphOf(buildModel({ ...weighted, initialisers: { b: floats([1], 0.5) } })).map(({ raw }) => raw)
    const model = joined([...headOf(bytes), ...around(7, [write(beside), ...rest])])
    const { leaf, cut } = await openSurgery({ bytes: model, weights })
    const alone = cut(leaf(0, everything), weightedX)
    expect(inspectModel(alone).weights).toEqual([])
    expect(text(alone)).toContain(text(weighted.initialisers!['w']!.data))
    const missing = await openSurgery({ bytes: model, weights: [] })
    expect(() => missing.cut(leaf(0, everything), weightedX)).toThrow(/data\/weights\.bin, which is missing/)
  })
})

/** AttributeProto: its fields, and the types that go with them. */
const ATTRIBUTE = { tensor: { field: 5, type: 4 }, graph: { field: 6, type: 5 } } as const

/** An operator that makes `w` of nothing but what one attribute holds. */
const operator = (type: string, name: string, as: { field: number; type: number }, held: Uint8Array) =>
  written(
    putMessage(
      1,
      ...(type === 'If' ? [putText(1, 'x')] : []),
      putText(2, 'w'),
      putText(4, type),
      putMessage(
        5,
        putText(1, name),
        putMessage(as.field, (writer) => writer.raw(held)),
        putInteger(20, as.type),
      ),
    ),
  )

/** Each byte as a character. */
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const graphOf = (model: Uint8Array) =>
  [...fieldsOf(model, { fields: 1_000 })]
    .filter(({ number }) => number === 7)
    .flatMap(({ content }) => [...fieldsOf(content, { fields: 1_000 })])

const headOf = (model: Uint8Array) =>
  [...fieldsOf(model, { fields: 1_000 })].filter(({ number }) => number !== 7).map(({ raw }) => raw)
