import * as ort from 'onnxruntime-web/wasm'
import glue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import binary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import type { Tensors } from '../../src/domain/tensor.ts'

export type Optimisation = 'disabled' | 'all'

/** onnxruntime-web with nothing of ours around it: one session, run again and again on the same floats. */
export async function bareEngine(
  bytes: Uint8Array,
  inputs: Tensors,
  graphOptimizationLevel: Optimisation,
): Promise<() => Promise<unknown>> {
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { mjs: new URL(glue, location.href).href, wasm: new URL(binary, location.href).href }
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel })
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      new ort.Tensor('float32', new Float32Array(data.slice().buffer), dims),
    ]),
  )
  return () => session.run(feeds)
}
