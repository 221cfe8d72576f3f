import { MootError } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { EngineInfo } from '../../ports/inference-engine.ts'
import type { ModelEngine } from './model-engine.ts'

/** What onnxruntime says of an operator that its GPU provider has no program for. */
const LEFT_TO_CPU = /assigned to the default CPU EP/

/** A GPU as it is, to be compared with the canon operator by operator. Closing it closes the engine. */
export const gpuUnderTest = (
  engine: Pick<ModelEngine, 'info' | 'runOnce' | 'close'>,
): {
  readonly info: EngineInfo
  run(model: Uint8Array, inputs: Tensors, options: { signal?: AbortSignal }): Promise<Tensors | undefined>
  close(): Promise<void>
} => ({
  info: engine.info,
  run: async (model, inputs, options) => {
    try {
      return (await engine.runOnce(model, inputs, { ...options, isStrict: true })).outputs
    } catch (error) {
      if (error instanceof MootError && error.fault.code === 'MODEL_REFUSED' && LEFT_TO_CPU.test(error.fault.why))
        return undefined
      throw error
    }
  },
  close: () => engine.close(),
})
