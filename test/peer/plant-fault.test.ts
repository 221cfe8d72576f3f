import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { elements } from '../../src/domain/elements.ts'
import { hash, hex } from '../../src/domain/hash.ts'
import type { Tensor } from '../../src/domain/tensor.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { changeElement, mapFloats, rounded } from '../../src/peer/disturb-values.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import { assertionsOf, type PlantedFault } from '../../src/peer/plant-fault.ts'
import { faulty, subject, type Subject } from '../kits/faulty.ts'
import { faultFrom } from '../kits/inference-engine.ts'
import { aDigit, digits, openRoom } from '../kits/peers.ts'

const MODELS = new URL('../../../shared/models/', import.meta.url)
const SHIPPED = new URL('../../public/models/', import.meta.url)

describe('the name of a fault', () => {
  test.for<[string, PlantedFault]>([
    ['scale=1.01', { kind: 'scale', factor: 1.01 }],
    ['op=17,scale=-2e-3', { kind: 'scale', factor: -0.002, operator: 17 }],
    ['element', { kind: 'element', index: 0 }],
    ['op=0,element=5', { kind: 'element', index: 5, operator: 0 }],
    ['op=3,bf16', { kind: 'bf16', operator: 3 }],
    ['false-assertion', { kind: 'false-assertion' }],
    ['op=2,contradiction', { kind: 'contradiction', operator: 2 }],
    ['version', { kind: 'version' }],
    ['stall=reveal', { kind: 'stall', at: 'reveal' }],
    ['skip-self-test', { kind: 'skip-self-test' }],
  ])('%s', ([text, planted]) => expect(parseFault(text)).toEqual(planted))

  test.for([
    ...['', 'scale', 'scale=', 'scale=much', 'op=,scale=2', 'op=-1,scale=2', 'element=-1', 'fp16=2', 'stall'],
    ...['op=3', 'op=3,silent', 'op=1,op=2,scale=2', 'scale=2,op=1', 'copycat=2', 'SCALE=2', 'constructor'],
  ])('"%s" is refused with all that there is', (text) => {
    expect(() => parseFault(text)).toThrow(/is none of scale=FACTOR, element\[=INDEX\], fp16, .*skip-self-test/)
  })
})

describe('values', () => {
  const halves = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits)
  const everyHalf: Tensor = { dtype: 'float16', dims: [1 << 16], data: new Uint8Array(halves.buffer) }

  test('every half is the half nearest to itself, and stays as it was', () => {
    const same = mapFloats(everyHalf, (value) => rounded(value, 'fp16'))
    const bits = new Uint16Array(same.data.slice().buffer)
    const isNaN = (half: number) => (half & 0x7fff) > 0x7c00
    expect(halves.filter((half, i) => !isNaN(half) && bits[i] !== half)).toHaveLength(0)
  })

  test('what lies between two halves goes to the nearer, and from the middle to the even one', () => {
    const values = Array.from(elements(everyHalf)).slice(0, 0x7c00)
    for (let i = 0; i + 1 < values.length; i++) {
      const [low = 0, high = 0] = [values[i], values[i + 1]]
      const middle = (low + high) / 2
      const got = [low, low * 0.6 + high * 0.4, middle, low * 0.4 + high * 0.6].map((value) => rounded(value, 'fp16'))
      if (String(got) !== String([low, low, i % 2 === 0 ? low : high, high])) expect(got).toBe(`about ${middle}`)
    }
    expect([65_519, 65_520, -65_520].map((value) => rounded(value, 'fp16'))).toEqual([65_504, Infinity, -Infinity])
  })

  test.for([
    [1.00390625, 1],
    [1.01171875, 1.015625],
    [-3.140625, -3.140625],
    [3.4e38, Infinity],
    [2 ** -133, 2 ** -133],
    [0, 0],
  ] as const)('as a bfloat16, %f is %f', ([value, nearest]) => expect(rounded(value, 'bf16')).toBe(nearest))

  test('one element is changed whatever its type, and one that is not there is named', () => {
    const floats: Tensor = { dtype: 'float32', dims: [2], data: new Uint8Array(Float32Array.of(2, 0).buffer) }
    const longs: Tensor = { dtype: 'int64', dims: [2], data: new Uint8Array(BigInt64Array.of(7n, 8n).buffer) }
    expect([
      ...Array.from(elements(changeElement(floats, 0))),
      ...Array.from(elements(changeElement(floats, 1))),
    ]).toEqual([3, 0, 2, 1])
    expect(elements(changeElement(longs, 1))).toEqual([7, 9])
    expect(() => changeElement(floats, 2)).toThrow('the value has 2 elements, and no 2')
  })
})

describe('a device with a fault', { timeout: 120_000 }, () => {
  let engine: ModelEngine
  let small: Subject
  beforeAll(async () => {
    engine = await openNodeCpuEngine()
    small = await subject(engine, new URL('digits-fp32.onnx', SHIPPED))
  })
  afterAll(() => engine.close())

  const theFirst = ({ outline }: Subject, type: string) =>
    outline.operators.find((operator) => operator.type === type)?.index ?? -1

  test.for(['digits-fp32', 'digits-int8', 'squeezenet_fp32'])(
    'asserts what it claims of %s, and is right up to the operator with the fault',
    async (name, { skip }) => {
      const file = new URL(`${name}.onnx`, name.startsWith('digits') ? SHIPPED : MODELS)
      skip(!existsSync(file), `${name} is not beside the project`)
      const whole = await subject(engine, file)
      const arithmetic = whole.outline.operators.filter(({ type }) => /Conv|MatMul|Gemm/.test(type))
      const last = arithmetic.at(-1)?.index ?? -1
      for (const { index } of [arithmetic[0], arithmetic[arithmetic.length >> 1], arithmetic.at(-1)].flatMap(
        (one) => one ?? [],
      )) {
        const device = await faulty(engine, `op=${index},element`, whole)
        expect(device.differsAt).toBe(index)
        expect(device.claimed).toBe(hex(hashTensors(device.trace.outputs)))
        if (index === last) expect(device.isMasked).toBe(false)
      }
      expect(await engine.trace(whole.model, whole.inputs)).toMatchObject({ values: whole.honest.values })
    },
  )

  test.for(['scale=1.01', 'element=9', 'fp16', 'bf16'])('%s without an operator is in the outputs', async (named) => {
    const last = small.outline.values.at(-1)?.operator
    expect(await faulty(engine, named, small)).toMatchObject({ differsAt: last, isMasked: false })
  })

  test('a change that a Relu swallows leaves the output as it is, and is found in the trace alone', async () => {
    const conv = theFirst(small, 'Conv')
    const [made = ''] = small.outline.operators[conv]?.makes ?? []
    const { kept } = await engine.trace(small.model, small.inputs, { keep: [made] })
    const negative = Array.from(elements(kept[made]!)).findIndex((value) => value < 0)
    expect(await faulty(engine, `op=${conv},element=${negative}`, small)).toMatchObject({
      differsAt: conv,
      isMasked: true,
    })
  })

  test('another version differs from the first weights on, and leaves the engine to whoever wants the model as it is', async () => {
    const other = await faulty(engine, 'version', small)
    expect(other).toMatchObject({ differsAt: theFirst(small, 'Conv'), isMasked: false })
    expect(other.claimed).toBe(hex(hashTensors(other.trace.outputs)))
    const { outputs } = await engine.run(small.model.id, small.inputs)
    expect(hashTensors(outputs)).toEqual(hashTensors(small.honest.outputs))
  })

  test('a constant one claims, and asserts, the output of its first job', async () => {
    const device = disturb(engine, parseFault('constant'))
    const first = await device.run(small.model.id, small.inputs)
    const later = await device.run(small.model.id, aDigit())
    expect(later.outputs).toEqual(first.outputs)
    expect((await device.trace(small.model, aDigit())).outputs).toEqual(first.outputs)
  })

  test.for(['false-assertion', 'contradiction'])('%s claims what is wrong and knows what is right', async (named) => {
    const witness = await faulty(engine, named, small)
    expect(witness).toMatchObject({ differsAt: undefined, isMasked: false })
  })

  test('an operator or an element that the model does not have is named', async () => {
    const count = small.outline.operators.length
    expect(await faultFrom(faulty(engine, `op=${count},fp16`, small))).toMatchObject({
      why: `the model has ${count} operators, and no ${count}`,
    })
    expect(await faultFrom(faulty(engine, 'element=10', small))).toMatchObject({
      why: 'the value has 10 elements, and no 10',
    })
  })
})

describe('false witness', () => {
  const values = [0, 1, 2, 3].map((i) => hash('story/value', i))
  const [output, claimed] = [hash('story/output'), hash('story/claimed')]
  const told = (named: string) => assertionsOf(parseFault(named), { values, operators: [0, 2, 1, 3], output, claimed })
  /** How many hashes from the first on are right, and the last. */
  const heard = (list: readonly Uint8Array[]) => [list.findIndex((one, i) => one !== values[i]), list.at(-1)]

  test('backs its claim from an operator on, to everybody', () => {
    const { toRoom, toRequester } = told('op=2,false-assertion')
    expect(toRoom).toHaveLength(values.length + 1)
    expect(heard(toRoom)).toEqual([1, claimed])
    expect(toRequester).toEqual(toRoom)
    expect(heard(told('false-assertion').toRoom)).toEqual([3, claimed])
  })

  test('contradicts itself before the room and the requester; others do neither', () => {
    const { toRoom, toRequester } = told('contradiction')
    expect([heard(toRoom), heard(toRequester)]).toEqual([
      [3, claimed],
      [4, output],
    ])
    expect(told('op=2,scale=1.01')).toEqual({ toRoom: [...values, output], toRequester: [...values, output] })
  })
})

test.for([
  ['copycat', 'false-reveal'],
  ['vanish', 'no-reveal'],
] as const)(
  'an executor with the fault %s is asked no more within the ask: %s',
  { timeout: 30_000 },
  async ([named, reason]) => {
    const room = await openRoom()
    try {
      const ann = await room.join('ann')
      const mallory = await room.join('mallory', { init: { plantedFault: parseFault(named) } })
      const others = await Promise.all(['ben', 'cat'].map((name) => room.join(name)))
      await room.meshed(ann, mallory, ...others)
      const check = { mode: 'replicated', replication: 3 } as const
      const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check }).done
      expect(answer).toMatchObject({ state: 'agreed', again: [{ attempt: 1, reason, who: [mallory.id] }] })
      expect(answer.claims.map(({ peer }) => peer).toSorted()).toEqual(others.map(({ id }) => id).toSorted())
    } finally {
      await room.close()
    }
  },
)
