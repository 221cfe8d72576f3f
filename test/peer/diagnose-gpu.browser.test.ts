import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCpuEngine, openGpuEngine, type ModelEngine } from '../../src/adapters/onnx/index.ts'
import type { Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { deviationOf } from '../../src/domain/agreement.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { equalBytes } from '../../src/domain/hash.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { diagnosisTools } from '../../src/entry/diagnosis-tools.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { diagnoseGpu } from '../../src/peer/diagnose-gpu.ts'
import type { DiagnosisTools } from '../../src/peer/keep-diagnoses.ts'
import { loaded } from '../kits/inference-engine.ts'
import { SIZES } from '../kits/real-models.ts'
import { sharedModel, withSharedModels } from '../adapters/onnx/shared-models.ts'

/** Milliseconds. An emulated GPU compiles each operator's shaders. */
const PATIENT = { timeout: 240_000 }

const createWorker = () =>
  new Worker(new URL('../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

let cpu: ModelEngine
let tools: DiagnosisTools
beforeAll(async () => {
  cpu = await openCpuEngine({ createWorker })
  tools = diagnosisTools({
    cpu,
    openGpu: (options) => openGpuEngine({ createWorker, allowSoftwareGpu: true, skipSelfTest: true, ...options }),
    browser: navigator.userAgent,
  })
})
afterAll(() => cpu.close())

async function diagnosed(model: Runnable & { manifest: { name: string } }, inputs?: Tensors) {
  const gpu = await tools.openGpu({})
  try {
    return await diagnoseGpu({ ...tools, gpu, clock: systemClock }, model, inputs ? { inputs } : {})
  } finally {
    await gpu.close()
  }
}

async function model(name: string, bytes: Uint8Array) {
  const { manifest, ...rest } = await loaded(name, bytes, cpu)
  return { ...rest, manifest: { ...manifest, name } }
}

const shipped = async () =>
  model('digits', new Uint8Array(await (await fetch('/models/digits-fp32.onnx')).arrayBuffer()))

test('finds nothing in a model that this GPU computes right, and says how much it looked at', PATIENT, async () => {
  const diagnosis = await diagnosed(await shipped())
  expect(diagnosis.faults).toEqual([])
  expect(diagnosis.compared).toBeGreaterThan(5)
  expect(diagnosis.skipped).toBe(0)
  expect(diagnosis).not.toHaveProperty('reproduction')
})

test('finds nothing in the self-test of a GPU that passes it', PATIENT, async () => {
  const diagnosis = await diagnosed(tools.selfTest)
  expect(diagnosis).toMatchObject({ modelName: 'self-test', faults: [], compared: 5 })
})

describe.runIf(withSharedModels)('with real models, which lie beside the project', () => {
  test('names the Conv that this GPU computes wrong, with its sizes', PATIENT, async () => {
    const diagnosis = await diagnosed(await model('conv1d_bug', await sharedModel('conv1d_bug')))
    expect(diagnosis.faults).toMatchObject([{ operator: { index: 0, type: 'Conv' } }])
    expect(diagnosis.faults[0]?.inputs.map(({ dims }) => dims)).toEqual([
      [1, 129, expect.any(Number)],
      [128, 129, 3],
      [128],
    ])
    expect(diagnosis.faults[0]?.deviation.scaled).toBeGreaterThan(0.1)
    expect(diagnosis.report).toMatch(
      /^# \[WebGPU\] Conv computes wrong values: inputs \[1, 129, \d+\], \[128, 129, 3\], \[128\]/,
    )
    expect(diagnosis.report).toContain(diagnosis.adapter)
    expect(diagnosis.report).toContain(navigator.userAgent)

    const { reproduction, faults } = diagnosis
    if (!reproduction) throw new Error('there is nothing to attach')
    const gpu = await tools.openGpu({})
    const wrong = await gpu.run(reproduction.model, reproduction.inputs, {})
    await gpu.close()
    const { outputs } = await cpu.runOnce(reproduction.model, reproduction.inputs)
    expect(Object.keys(outputs)).toEqual([faults[0]?.output.name])
    expect(deviationOf(outputs, wrong ?? {}).scaled).toBeGreaterThan(0.1)
  })

  test('names it within silero-vad, on a job of somebody, whose input stays out of the report', PATIENT, async () => {
    const silero = await model('silero_vad_16k_op15', await sharedModel('silero_vad_16k_op15'))
    const inputs = seededInputs(silero.manifest, 77, SIZES['silero_vad_16k_op15'])
    const diagnosis = await diagnosed(silero, inputs)
    expect(diagnosis.faults.map(({ operator }) => operator)).toEqual([
      { index: 76, type: 'Conv', name: '/model/encoder/0/reparam_conv/Conv' },
    ])
    expect(diagnosis.leftToCpu).toBeGreaterThan(0)
    expect(diagnosis.skipped).toBe(0)
    const shown = Object.values(diagnosis.reproduction?.inputs ?? {})
    expect(shown.map(({ dims }) => dims)).toEqual([[1, 129, 3]])
    expect(Object.values(inputs).some((own) => shown.some((one) => equalBytes(own.data, one.data)))).toBe(false)
  })
})
