import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { inspectModel } from '../../src/adapters/onnx/inspect-model.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { elements } from '../../src/domain/elements.ts'
import { fault } from '../../src/domain/fault.ts'
import { graphOf } from '../../src/domain/manifest.ts'
import type { Tensor, Tensors } from '../../src/domain/tensor.ts'
import { diagnosisTools } from '../../src/entry/diagnosis-tools.ts'
import { Diagnoses, type DiagnosisTools } from '../../src/peer/keep-diagnoses.ts'
import type { Peer } from '../../src/peer/view.ts'
import type { InferenceEngine } from '../../src/ports/inference-engine.ts'
import { faultFrom } from '../kits/inference-engine.ts'
import { aDigit, digits, openRoom, until } from '../kits/peers.ts'

let canon: ModelEngine
beforeAll(async () => {
  canon = await openNodeCpuEngine()
})
afterAll(() => canon.close())

const enlarged = (tensor: Tensor): Tensor =>
  tensor.dtype === 'float32'
    ? { ...tensor, data: new Uint8Array(Float32Array.from(elements(tensor), (value) => value * 1.05).buffer) }
    : tensor

/** A GPU that computes some kinds of operators 5 % too large, and all others as the canon does. */
const gpuWith = (...sick: readonly string[]): DiagnosisTools => ({
  ...diagnosisTools({ cpu: canon, openGpu: () => Promise.reject(new Error('there is none in Node')), browser: 'Node' }),
  openGpu: async () => ({
    info: { ...canon.info, kind: 'gpu', adapter: 'acme s1' },
    run: async (model, inputs, options) => {
      const { outputs } = await canon.runOnce(model, inputs, options)
      const isSick = inspectModel(model).operators.some(({ type }) => sick.includes(type))
      return isSick
        ? Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, enlarged(value)]))
        : outputs
    },
    close: async () => {},
  }),
})

/** A GPU whose own check finds a model wrong. */
const refusing = (): InferenceEngine => ({
  info: { ...canon.info, kind: 'gpu', adapter: 'acme s1' },
  has: () => false,
  load: async () => {
    throw fault({ code: 'SELF_TEST_FAILED', operator: 'Conv', why: 'rms 0.05, largest 0.05' })
  },
  run: async () => {
    throw fault({ code: 'MODEL_NOT_LOADED', model: 'any' })
  },
  close: async () => {},
})

async function withGpu(tools: DiagnosisTools | undefined, startGpu: () => Promise<InferenceEngine>): Promise<Peer> {
  const room = await openRoom({ engine: canon })
  onTestFinished(() => room.close())
  return room.join('ann', {
    init: { settings: { duty: 1, engine: 'gpu' } },
    components: { startGpu, ...(tools ? { diagnosisTools: async () => tools } : {}) },
  })
}

describe('a tab finds what its GPU computes wrong', () => {
  test('by itself, where its own check refuses a model: the CPU answers from then on', async () => {
    const ann = await withGpu(gpuWith('Conv'), async () => refusing())
    await until(ann, ({ device }) => device.gpu.state === 'ready')
    const question = { model: digits(ann), input: aDigit() }
    await ann.ask(question, { check: { mode: 'one-tab' } }).done
    await until(ann, ({ device }) => device.diagnoses.length > 0)
    const [diagnosis] = ann.view.device.diagnoses
    expect(diagnosis).toMatchObject({ model: digits(ann), modelName: 'digits', adapter: 'acme s1' })
    expect(new Set(diagnosis?.faults.map(({ operator }) => operator.type))).toEqual(new Set(['Conv']))
    expect(diagnosis?.faults[0]?.inputs[0]?.dims).toEqual([1, 1, 28, 28])
    const { claims } = await ann.ask(question, { check: { mode: 'one-tab' } }).done
    expect(claims.map(({ engine }) => engine)).toEqual(['cpu'])
  })

  test('by itself, where it fails the self-test that comes first', async () => {
    const ann = await withGpu(gpuWith('MatMul'), async () => {
      throw fault({ code: 'SELF_TEST_FAILED', operator: 'MatMul', why: 'rms 0.05, largest 0.05' })
    })
    await until(ann, ({ device }) => device.diagnoses.length > 0)
    expect(ann.view.device.gpu.state).toBe('refused')
    const [diagnosis] = ann.view.device.diagnoses
    expect(diagnosis?.modelName).toBe('self-test')
    expect(diagnosis?.faults.map(({ operator, output }) => [operator.type, output.dims])).toEqual([
      ['MatMul', [17, 32]],
      ['MatMul', [4, 12, 20]],
    ])
  })

  test('when a person asks, and finds nothing in a healthy one', async () => {
    const ann = await withGpu(gpuWith(), async () => refusing())
    const diagnosis = await ann.diagnose(digits(ann))
    expect(diagnosis).toMatchObject({ faults: [], skipped: 0 })
    expect(diagnosis.compared).toBeGreaterThan(5)
    expect(ann.view.device.diagnoses).toEqual([diagnosis])
  })

  test('but not without one', async () => {
    const ann = await withGpu(undefined, () => Promise.reject(new Error('none')))
    expect(await faultFrom(ann.diagnose(digits(ann)))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu' })
  })
})

describe('a claim that was refuted', () => {
  const diagnosing = async (isIdle = () => true, tools = gpuWith('Conv')) => {
    const room = await openRoom({ engine: canon })
    onTestFinished(() => room.close())
    const ann = await room.join('ann')
    const { id, manifest } = ann.view.models.find((model) => model.id === digits(ann)) ?? {}
    if (id === undefined || manifest === undefined) throw new Error('digits are shipped')
    const bytes = await ann.models.file(id, graphOf(manifest).path)
    const loaded = { id, manifest, bytes, weights: [] }
    const changes = Promise.withResolvers<void>()
    const refused: string[] = []
    const diagnoses = new Diagnoses({
      tools: async () => tools,
      provideModel: async () => loaded,
      clock: systemClock,
      isIdle,
      refuse: (model) => void refused.push(model),
      onChange: () => changes.resolve(),
    })
    onTestFinished(() => diagnoses.close())
    return { diagnoses, changed: changes.promise, refused, model: loaded.id }
  }

  test('is looked into on its own input, of which nothing is told', async () => {
    const { diagnoses, changed, refused, model } = await diagnosing()
    const secret = 0.123456789
    const input: Tensors = {
      image: {
        dtype: 'float32',
        dims: [1, 1, 28, 28],
        data: new Uint8Array(new Float32Array(784).fill(secret).buffer),
      },
    }
    diagnoses.noteRefuted(model, input)
    await changed
    const [diagnosis] = diagnoses.list()
    expect(refused).toEqual([model])
    expect(diagnosis?.faults.length).toBeGreaterThan(0)
    const shown = Object.values(diagnosis?.reproduction?.inputs ?? {}).flatMap((tensor) => Array.from(elements(tensor)))
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).not.toContain(Math.fround(secret))
    expect(diagnosis?.report).not.toContain('0.1234567')
  })

  test('waits until the device is idle, and is looked into once', async () => {
    let isIdle = false
    const { diagnoses, changed, model } = await diagnosing(() => isIdle)
    diagnoses.noteRefuted(model)
    diagnoses.noteRefuted(model)
    diagnoses.stir()
    expect(diagnoses.list()).toEqual([])
    isIdle = true
    diagnoses.stir()
    await changed
    diagnoses.noteRefuted(model)
    diagnoses.stir()
    expect(diagnoses.list()).toHaveLength(1)
  })

  test('gives its report an operator that anybody can run again', async () => {
    const { diagnoses, model } = await diagnosing()
    const { reproduction, report, faults } = await diagnoses.run(model)
    expect(inspectModel(reproduction?.model ?? new Uint8Array()).operators).toMatchObject([{ type: 'Conv', count: 1 }])
    const { outputs } = await canon.runOnce(reproduction?.model ?? new Uint8Array(), reproduction?.inputs ?? {})
    const first = elements(
      outputs[faults[0]?.output.name ?? ''] ?? enlarged({ dtype: 'float32', dims: [0], data: new Uint8Array() }),
    )[0]
    expect(report).toContain(`| 0 | ${first} |`)
    expect(report).toContain('acme s1')
    expect(report).toContain('`kernel_shape`: [5, 5]')
    expect(report).toContain(canon.info.wasmSha256)
    expect(report).not.toMatch(/12D3Koo/)
  })
})
