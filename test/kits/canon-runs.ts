import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as ort from 'onnxruntime-web'
import { CURRENT_CANON } from '../../src/adapters/onnx/canons.ts'
import { exposing } from '../../src/adapters/onnx/expose.ts'
import { inspectModel } from '../../src/adapters/onnx/inspect-model.ts'
import type { ModelFiles } from '../../src/adapters/onnx/messages.ts'
import { createSession, describedOutputs, runSession } from '../../src/adapters/onnx/ort-session.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { LoadedModel } from '../../src/ports/inference-engine.ts'

ort.env.logLevel = 'fatal'
ort.env.wasm.numThreads = 1
ort.env.wasm.wasmBinary = readFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${CURRENT_CANON.file}`)))

type Files = Pick<LoadedModel, 'bytes' | 'weights'>

/** All outputs that are tensors of numbers, as the canon computes them. */
export const runWhole = (model: Files, inputs: Tensors): Promise<Tensors> =>
  run({ ...model, exposing: new Uint8Array(0) }, inputs)

/** Every value that an operator makes and that is a tensor of numbers, as the canon defines it: all of them exposed. */
export function runExposed(model: Files, inputs: Tensors): Promise<Tensors> {
  const { arithmetic, intermediates } = inspectModel(model.bytes)
  const rounds = arithmetic === 'fp16' ? ({ rounds: true } as const) : {}
  return run({ ...model, exposing: exposing(intermediates), ...rounds }, inputs)
}

async function run(files: ModelFiles, inputs: Tensors): Promise<Tensors> {
  const ready = await createSession(ort, 'cpu', files)
  try {
    const wanted = describedOutputs(ready).map(({ name }) => name)
    return (await runSession({ ort, ready, wanted }, inputs)).outputs
  } finally {
    await ready.release()
  }
}
