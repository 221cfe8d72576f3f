import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCpuEngine, openGpuEngine, type GpuOptions, type ModelEngine } from '../../../src/adapters/onnx/index.ts'
import { inspector } from '../../../src/adapters/onnx/inspector.ts'
import type { Runnable } from '../../../src/adapters/onnx/model-engine.ts'
import { deviationOf, FP32_RULE, within } from '../../../src/domain/agreement.ts'
import { MAX_TOLERANCE } from '../../../src/domain/manifest.ts'
import { seededInputs } from '../../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../../src/domain/tensor.ts'
import { faultFrom, inferenceEngineKit, inspected, loaded } from '../../kits/inference-engine.ts'
import { doubling, floats } from '../../kits/onnx-builder.ts'
import { sharedModel, withSharedModels } from './shared-models.ts'

const createWorker = () =>
  new Worker(new URL('../../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

const openGpu = (options: GpuOptions = {}) => openGpuEngine({ createWorker, allowSoftwareGpu: true, ...options })

/** Milliseconds. An emulated GPU compiles and runs the same model many times. */
const PATIENT = { timeout: 180_000 }

/** Milliseconds. An emulated GPU compiles its shaders slowly; what is tried here is everything but their results. */
const patient = { runLimit: 5_000, loadLimit: 60_000, skipSelfTest: true }

inferenceEngineKit('the gpu engine in a tab', (options) => openGpu({ ...options, ...patient }))

test('an emulated GPU is not used', async () => {
  expect(await faultFrom(openGpuEngine({ createWorker }))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu' })
})

describe('an engine on a GPU that passed its self-test', () => {
  let cpu: ModelEngine
  let gpu: ModelEngine

  beforeAll(async () => {
    cpu = await openCpuEngine({ createWorker })
    gpu = await openGpu({ loadLimit: 120_000 })
  })
  afterAll(async () => {
    await cpu.close()
    await gpu.close()
  })

  test('names the GPU', () => {
    expect(gpu.info).toMatchObject({ kind: 'gpu', adapter: expect.stringMatching(/\w/) })
  })

  test('claims nothing of NaN and infinity, which are not defined on a GPU', async () => {
    const model = await loaded('doubling', doubling)
    await gpu.load(model)
    for (const number of [Number.NaN, Infinity, 3e38])
      expect(await faultFrom(gpu.run(model.id, { x: floats([2], 1, number) }))).toMatchObject({ code: 'ENGINE_FAILED' })
    expect((await gpu.run(model.id, { x: floats([1], 2) })).outputs).toEqual({ y: floats([1], 4) })
  })

  test('is not traced, since nobody else could know its hashes, and runs one operator alone', async () => {
    const model = await loaded('doubling', doubling)
    const x = { x: floats([2], 1, 2) }
    expect(await faultFrom(gpu.trace(model, x))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu' })
    expect((await gpu.runOnce(model.bytes, x)).outputs).toEqual({ y: floats([2], 2, 4) })
  })

  describe.runIf(withSharedModels)('with real models', () => {
    test.each(['mnist', 'squeezenet_fp32'])('agrees with the canon on %s', PATIENT, async (name) => {
      const model = await loaded(name, await sharedModel(name))
      const inputs = seededInputs(model.manifest, 3)
      const [reference, seen] = [await answer(cpu, model, inputs), await answer(gpu, model, inputs)]
      const deviation = deviationOf(reference, seen)
      expect(within(deviation, FP32_RULE), JSON.stringify(deviation)).toBe(true)
    })

    test('does not run a model whose Conv this GPU computes wrong', async () => {
      const model = await loaded('conv1d_bug', await sharedModel('conv1d_bug'), gpu)
      expect(await faultFrom(gpu.load(model))).toMatchObject({ code: 'SELF_TEST_FAILED', operator: 'Conv' })
      expect(gpu.has(model.id)).toBe(false)
    })

    test('which a switch lets through, wrong', async () => {
      const trusting = await openGpu({ skipSelfTest: true })
      const model = await loaded('conv1d_bug', await sharedModel('conv1d_bug'), cpu)
      const inputs = seededInputs(model.manifest, 3)
      const [right, wrong] = [await answer(cpu, model, inputs), await answer(trusting, model, inputs)]
      await trusting.close()
      expect(deviationOf(right, wrong).rms).toBeGreaterThan(0.1)
    })

    test.each(['squeezenet_fp16', 'squeezenet_qlinear'])(
      'leaves %s to the CPU, for want of a tolerance',
      async (name) => {
        const model = await loaded(name, await sharedModel(name))
        expect(await faultFrom(gpu.load(model))).toMatchObject({ code: 'MODEL_REFUSED' })
      },
    )

    const calibrated = async (name: string) => {
      const bytes = await sharedModel(name)
      const inspection = inspected(bytes)
      const calibration = await inspector({ cpu, gpu: () => gpu }).calibrate({ bytes, weights: [] }, inspection)
      return { bytes, inspection, calibration }
    }

    test('measures a limit for quantised numbers, and then agrees with the canon within it', PATIENT, async () => {
      const { bytes, inspection, calibration } = await calibrated('squeezenet_qlinear')
      const { tolerance, note } = calibration
      if (!tolerance) throw new Error(note)
      expect(within(tolerance, MAX_TOLERANCE)).toBe(true)
      expect(within(tolerance.seen, tolerance)).toBe(true)
      const model = { id: 'calibrated', bytes, weights: [], manifest: { ...inspection, ...calibration } }
      const inputs = seededInputs(inspection, 9)
      const deviation = deviationOf(await answer(cpu, model, inputs), await answer(gpu, model, inputs))
      expect(within(deviation, tolerance), JSON.stringify(deviation)).toBe(true)
    })

    test('measures one for half-precision numbers, where the GPU has them', PATIENT, async () => {
      const { tolerance, note } = (await calibrated('squeezenet_fp16')).calibration
      const adapter = await navigator.gpu.requestAdapter()
      if (adapter?.features.has('shader-f16'))
        expect(within(tolerance?.seen ?? MAX_TOLERANCE, tolerance ?? FP32_RULE)).toBe(true)
      else expect(note).toMatch(/^This GPU cannot run it, and its CPU can: .*f16/)
    })

    test('notes what was seen of floats beside their fixed limit', PATIENT, async () => {
      const { calibration } = await calibrated('mnist')
      expect(calibration.tolerance).toMatchObject({ ...FP32_RULE, runs: 5, adapter: gpu.info.adapter })
      expect(calibration.tolerance?.seen.rms).toBeGreaterThan(0)
    })

    test.each([
      ['conv1d_bug', /^This GPU computes Conv wrong/],
      // The same operator inside a larger model, after which some inputs come out right.
      ['silero_vad_16k_op15', /^This GPU (computes \w+ wrong|deviates from the CPU by)/],
    ])('says of %s that this GPU computes it wrong', PATIENT, async (name, words) => {
      const { calibration } = await calibrated(name)
      expect(calibration).toMatchObject({ canonicalRun: 'plain', note: expect.stringMatching(words) })
      expect(calibration).not.toHaveProperty('tolerance')
    })
  })
})

async function answer(engine: ModelEngine, model: Runnable, inputs: Tensors): Promise<Tensors> {
  await engine.load(model)
  return (await engine.run(model.id, inputs)).outputs
}
