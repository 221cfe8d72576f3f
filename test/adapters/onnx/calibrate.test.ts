import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphInit } from '../../../src/adapters/onnx/build-model.ts'
import { CURRENT_CANON } from '../../../src/adapters/onnx/canons.ts'
import { inspector } from '../../../src/adapters/onnx/inspector.ts'
import type { ModelEngine } from '../../../src/adapters/onnx/model-engine.ts'
import { openNodeCpuEngine } from '../../../src/adapters/onnx/node.ts'
import { FP32_RULE } from '../../../src/domain/agreement.ts'
import { fault } from '../../../src/domain/fault.ts'
import { fromHex } from '../../../src/domain/hash.ts'
import { MAX_TOLERANCE, type Arithmetic } from '../../../src/domain/manifest.ts'
import type { Tensors } from '../../../src/domain/tensor.ts'
import type { InferenceEngine } from '../../../src/ports/inference-engine.ts'
import { faultFrom, inspected } from '../../kits/inference-engine.ts'
import {
  buildModel,
  doubling,
  endless,
  floats,
  greedy,
  longs,
  parted,
  unheardOf,
  value,
} from '../../kits/onnx-builder.ts'
import { REAL_MODELS } from '../../kits/real-models.ts'

let cpu: ModelEngine
beforeAll(async () => {
  cpu = await openNodeCpuEngine({ runLimit: 2_000, memoryLimit: 512 << 20 })
})
afterAll(() => cpu.close())

const filesOf = (model: GraphInit | Uint8Array) => ({
  bytes: model instanceof Uint8Array ? model : buildModel(model),
  weights: [],
})

const calibrated = (model: GraphInit | Uint8Array, gpu?: ModelEngine) => {
  const files = filesOf(model)
  return inspector({ cpu, gpu: () => gpu }).calibrate(files, inspected(files.bytes))
}

/** A GPU that computes as the CPU does, and then changes the first number of each output by a share of the largest. */
const inaccurate = (share: number, load: InferenceEngine['load'] = async () => {}): ModelEngine => ({
  ...engineOf(cpu),
  info: { ...cpu.info, kind: 'gpu', build: 'a GPU build', adapter: 'acme' },
  load: async (model, options) => {
    await load(model as never, options)
    await cpu.load(model, options)
  },
  run: async (model, inputs, options) => {
    const result = await cpu.run(model, inputs, options)
    return { ...result, outputs: changed(result.outputs, share) }
  },
})

const engineOf = (engine: ModelEngine): ModelEngine => ({
  info: engine.info,
  has: (model) => engine.has(model),
  load: (model, options) => engine.load(model, options),
  run: (model, inputs, options) => engine.run(model, inputs, options),
  trace: (model, inputs, options) => engine.trace(model, inputs, options),
  runOnce: (model, inputs, options) => engine.runOnce(model, inputs, options),
  describe: (model, options) => engine.describe(model, options),
  release: (model) => engine.release(model),
  close: async () => {},
})

const changed = (outputs: Tensors, share: number): Tensors =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      const numbers = new Float32Array(tensor.data.slice().buffer)
      const most = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      numbers[0] = (numbers[0] ?? 0) + share * most
      return [name, { ...tensor, data: new Uint8Array(numbers.buffer) }]
    }),
  )

/** `y = x + x` on twenty floats, in numbers of this kind. */
const model = (arithmetic: Arithmetic): GraphInit => {
  const scale = floats([], 0.5)
  const through = (from: string, to: string) => [
    { type: 'QuantizeLinear', inputs: [from, 'scale'], outputs: [`${from} small`] },
    { type: 'DequantizeLinear', inputs: [`${from} small`, 'scale'], outputs: [to] },
  ]
  const sum = { type: 'Add', inputs: ['a', 'a'], outputs: ['b'] }
  const softmax = { type: 'Softmax', inputs: ['b'], outputs: ['y'] }
  return {
    inputs: [value('x', 'float32', 20)],
    outputs: [value('y', 'float32', 20)],
    initialisers: { scale },
    nodes: {
      fp32: [{ type: 'Identity', inputs: ['x'], outputs: ['a'] }, sum, softmax],
      qdq: [...through('x', 'a'), sum, softmax],
      integer: [...through('x', 'a'), sum, { type: 'Identity', inputs: ['b'], outputs: ['y'] }],
      fp16: [
        { type: 'Cast', inputs: ['x'], outputs: ['half'], attributes: { to: 10 } },
        { type: 'Cast', inputs: ['half'], outputs: ['y'], attributes: { to: 1 } },
      ],
    }[arithmetic],
  }
}

describe('calibrating a model', { timeout: 20_000 }, () => {
  test('says in which canon, and that a plain run gives its bits', async () => {
    expect(await calibrated(doubling)).toEqual({
      outputs: doubling.outputs,
      canon: fromHex(CURRENT_CANON.wasmSha256),
      canonicalRun: 'plain',
    })
  })

  test('tells how far it is, and leaves nothing in the engine', async () => {
    const [fractions, ids] = [[] as number[], [] as string[]]
    const noted = {
      ...engineOf(cpu),
      load: (...[each, options]: Parameters<ModelEngine['load']>) => {
        ids.push(each.id)
        return cpu.load(each, options)
      },
    }
    const files = filesOf(doubling)
    const onProgress = (fraction: number) => void fractions.push(fraction)
    await inspector({ cpu: noted }).calibrate(files, inspected(files.bytes), { onProgress })
    expect(fractions).toEqual([0.25, 0.5, 0.75, 1])
    expect(ids).toHaveLength(2)
    expect(ids.filter((id) => cpu.has(id))).toEqual([])
  })

  test('asks the engine for outputs that the file leaves open', async () => {
    const shapeless = buildModel({ ...doubling, nodes: [{ type: 'Add', inputs: ['x', 'x'], outputs: ['y'] }] })
    const inspection = { ...inspected(shapeless), outputs: [], undeclaredOutputs: ['y'] }
    const { outputs } = await inspector({ cpu }).calibrate({ bytes: shapeless, weights: [] }, inspection)
    expect(outputs).toEqual(doubling.outputs)
    const nobody = { ...inspection, undeclaredOutputs: ['z'] }
    expect(await faultFrom(inspector({ cpu }).calibrate({ bytes: shapeless, weights: [] }, nobody))).toMatchObject({
      code: 'MODEL_REFUSED',
      why: expect.stringContaining('"z"'),
    })
  })

  test('runs one whose weights lie beside it, and refuses it without them', async () => {
    const files = parted()
    const inspection = inspected(files.bytes)
    expect(await inspector({ cpu }).calibrate(files, inspection)).toMatchObject({ canonicalRun: 'plain' })
    expect(await faultFrom(inspector({ cpu }).calibrate({ ...files, weights: [] }, inspection))).toMatchObject({
      code: 'MODEL_REFUSED',
      why: 'its weights lie in data/weights.bin, which is missing',
    })
  })

  test('refuses an operator that the canon lacks, by name', async () => {
    expect(await faultFrom(calibrated(unheardOf))).toMatchObject({
      code: 'MODEL_REFUSED',
      why: expect.stringContaining('Transmogrify'),
    })
  })

  test.each([
    ['without end', endless, 'ENGINE_TIMED_OUT'],
    ['in more memory than there is', greedy(64), 'ENGINE_OUT_OF_MEMORY'],
  ])('refuses one that computes %s', async (_, graph, code) => {
    expect(await faultFrom(calibrated(graph))).toMatchObject({ code })
  })

  test('tries sizes until one fits', async () => {
    const picky: GraphInit = {
      nodes: [{ type: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] }],
      initialisers: { shape: longs([2], 4n, 56n) },
      inputs: [value('x', 'float32', 1, null)],
      outputs: [value('y', 'float32', null, null)],
    }
    expect(await calibrated(picky)).toEqual(expect.objectContaining({ canonicalRun: 'plain' }))
    const pickier = { ...picky, initialisers: { shape: longs([2], 7n, 11n) } }
    expect(await calibrated(pickier)).toMatchObject({
      canonicalRun: 'exposed',
      note: expect.stringMatching(/^It ran on no random input/),
    })
  })

  test('ends when it is told to', async () => {
    const files = filesOf(endless)
    const stop = new AbortController()
    const task = inspector({ cpu }).calibrate(files, inspected(files.bytes), { signal: stop.signal })
    stop.abort()
    expect(await faultFrom(task)).toEqual({ code: 'CANCELLED' })
  })

  test('a model too large to be run here is exposed, untried, and has no limit', () => {
    const inspection = inspected(buildModel(doubling))
    expect(inspector({ cpu }).uncalibrated(inspection)).toMatchObject({
      outputs: doubling.outputs,
      canonicalRun: 'exposed',
      note: expect.stringContaining('nobody has tried it'),
    })
    expect(() => inspector({ cpu }).uncalibrated({ ...inspection, undeclaredOutputs: ['z'] })).toThrow('"z"')
  })
})

describe('the limit for GPUs', () => {
  test.each(['fp16', 'qdq'] as const)('of %s is a multiple of what was seen', async (arithmetic) => {
    const { tolerance } = await calibrated(model(arithmetic), inaccurate(1e-3))
    expect(tolerance).toMatchObject({ runs: 5, adapter: 'acme', builds: [CURRENT_CANON.id, 'a GPU build'] })
    expect(tolerance?.seen.scaled).toBeCloseTo(1e-3, 5)
    expect(tolerance?.scaled).toBeCloseTo(4e-3, 5)
    expect(tolerance?.rms).toBeCloseTo(4 * (tolerance?.seen.rms ?? 0), 9)
  })

  test('is never stricter than that of floats, since another GPU rounds where this one did not', async () => {
    expect((await calibrated(model('qdq'), inaccurate(0))).tolerance).toMatchObject({
      ...FP32_RULE,
      seen: { rms: 0, scaled: 0 },
    })
  })

  test('is none where it would let faults pass', async () => {
    const { tolerance, note } = await calibrated(model('qdq'), inaccurate(MAX_TOLERANCE.scaled / 2))
    expect(tolerance).toBeUndefined()
    expect(note).toMatch(/^This GPU deviates from the CPU by .*: too much/)
  })

  test('of floats and of integers is fixed, and what was seen stands beside it', async () => {
    expect((await calibrated(model('fp32'), inaccurate(1e-6))).tolerance).toMatchObject(FP32_RULE)
    const wrong = await calibrated(model('fp32'), inaccurate(1e-3))
    expect(wrong).toMatchObject({ note: expect.stringContaining('too much') })
    expect(wrong).not.toHaveProperty('tolerance')
    expect((await calibrated(model('integer'), inaccurate(0))).tolerance).toMatchObject({ rms: 0, scaled: 0 })
    expect(await calibrated(model('integer'), inaccurate(1e-6))).not.toHaveProperty('tolerance')
  })

  test('is none without a GPU, nor where it fails, and the note says which', async () => {
    expect(await calibrated(model('fp16'))).toMatchObject({ note: expect.stringContaining('CPUs alone') })
    expect(await calibrated(model('fp32'))).not.toHaveProperty('note')
    const failing = inaccurate(0, () =>
      Promise.reject(fault({ code: 'SELF_TEST_FAILED', operator: 'Conv', why: 'rms 0.5, largest 1.2' })),
    )
    expect(await calibrated(model('fp16'), failing)).toMatchObject({
      canonicalRun: expect.any(String),
      note: expect.stringContaining('computes Conv wrong'),
    })
    const lost = inaccurate(0, () => Promise.reject(fault({ code: 'ENGINE_FAILED', why: 'device lost' })))
    expect(await calibrated(model('fp16'), lost)).toMatchObject({ note: expect.stringContaining('device lost') })
  })

  test('is measured on a GPU that is let in for it with the widest of limits', async () => {
    const seen: unknown[] = []
    const curious = inaccurate(0, async ({ manifest }) => void seen.push(manifest.tolerance))
    await calibrated(model('fp16'), curious)
    expect(seen).toEqual([MAX_TOLERANCE])
  })
})

const shared = new URL('../../../../shared/models/', import.meta.url)

describe.skipIf(!existsSync(shared))('real models, in the canon', { timeout: 30_000 }, () => {
  let patient: ModelEngine
  beforeAll(async () => {
    patient = await openNodeCpuEngine()
  })
  afterAll(() => patient.close())

  test.each(REAL_MODELS)('%s comes out runnable', async (name) => {
    const bytes = new Uint8Array(await readFile(new URL(`${name}.onnx`, shared)))
    const inspection = inspected(bytes)
    const { outputs, canonicalRun, note } = await inspector({ cpu: patient }).calibrate(
      { bytes, weights: [] },
      inspection,
    )
    expect(outputs).toHaveLength(inspection.outputs.length + inspection.undeclaredOutputs.length)
    expect(canonicalRun).toBe(name === 'squeezenet_fp16' ? 'exposed' : 'plain')
    expect(note !== undefined).toBe(inspection.arithmetic === 'fp16' || inspection.arithmetic === 'qdq')
    expect(note ?? 'CPUs alone').toContain('CPUs alone')
  })
})
