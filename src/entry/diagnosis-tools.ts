import { describeOperator } from '../adapters/onnx/describe-operator.ts'
import { gpuUnderTest } from '../adapters/onnx/gpu-under-test.ts'
import { inputSizes } from '../adapters/onnx/input-sizes.ts'
import type { ModelEngine } from '../adapters/onnx/model-engine.ts'
import { selfTestModel } from '../adapters/onnx/self-test-model.ts'
import { openSurgery } from '../adapters/onnx/surgery/index.ts'
import type { DiagnosisTools } from '../peer/keep-diagnoses.ts'

export interface DiagnosisEngines {
  readonly cpu: ModelEngine
  /** Starts the GPU with its own checks off. */
  readonly openGpu: (options: { signal?: AbortSignal }) => Promise<ModelEngine>
  /** As the browser names itself. */
  readonly browser?: string
}

/** What it takes to find out what a GPU computes wrong. */
export function diagnosisTools({ cpu, openGpu, browser }: DiagnosisEngines): DiagnosisTools {
  const { manifest, ...selfTest } = selfTestModel()
  return {
    canon: cpu,
    openGpu: async (options) => gpuUnderTest(await openGpu(options)),
    openSurgery,
    describe: describeOperator,
    inputSizes,
    selfTest: { ...selfTest, manifest: { ...manifest, name: 'self-test' } },
    ...(browser === undefined ? {} : { browser }),
  }
}
