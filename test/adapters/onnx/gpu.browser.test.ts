import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviationOf, FP32_RULE, within } from '../../../src/domain/agreement.ts'
import { openCpuEngine, openGpuEngine, type GpuOptions, type ModelEngine } from '../../../src/adapters/onnx/index.ts'
import type { Runnable } from '../../../src/adapters/onnx/model-engine.ts'
import { seededInputs } from '../../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../../src/domain/tensor.ts'
import { faultFrom, inferenceEngineKit, loaded } from '../../kits/inference-engine.ts'
import { sharedModel, withSharedModels } from './shared-models.ts'

const createWorker = () =>
  new Worker(new URL('../../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

const openGpu = (options: GpuOptions = {}) => openGpuEngine({ createWorker, allowSoftwareGpu: true, ...options })

/** Milliseconds. An emulated GPU compiles its shaders slowly; what is tried here is everything but their results. */
const patient = { runLimit: 5_000, skipSelfTest: true }

inferenceEngineKit('the gpu engine in a tab', (options) => openGpu({ ...options, ...patient }))

test('an emulated GPU is not used', async () => {
  expect(await faultFrom(openGpuEngine({ createWorker }))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu' })
})

describe('an engine on a GPU that passed its self-test', () => {
  let cpu: ModelEngine
  let gpu: ModelEngine

  beforeAll(async () => {
    cpu = await openCpuEngine({ createWorker })
    gpu = await openGpu({ loadLimit: 50_000 })
  })
  afterAll(async () => {
    await cpu.close()
    await gpu.close()
  })

  test('names the GPU', () => {
    expect(gpu.info).toMatchObject({ kind: 'gpu', adapter: expect.stringMatching(/\w/) })
  })

  describe.runIf(withSharedModels)('with real models', () => {
    test.each(['mnist', 'squeezenet_fp32'])('agrees with the canon on %s', async (name) => {
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
  })
})

async function answer(engine: ModelEngine, model: Runnable, inputs: Tensors): Promise<Tensors> {
  await engine.load(model)
  return (await engine.run(model.id, inputs)).outputs
}
