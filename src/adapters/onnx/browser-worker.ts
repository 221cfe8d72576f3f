import * as ort from 'onnxruntime-web/webgpu'
import gpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import gpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import cpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import cpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { fault } from '../../domain/fault.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { EngineInfo } from '../../ports/inference-engine.ts'
import { CURRENT_CANON, GPU_BUILD, type Canon } from './canons.ts'
import { engineHost } from './engine-host.ts'
import { capMemory } from './memory-cap.ts'
import type { Call, OpenRequest } from './messages.ts'
import type { Ort } from './ort-session.ts'
import { pinned } from './pinned.ts'
import { transferable } from './transferable.ts'

/** The library's own code is the same for both; its glue and its binary are not, and only those of one kind are fetched. */
const BUILDS: Record<EngineKind, { readonly canon: Canon; readonly glue: string; readonly binary: string }> = {
  cpu: { canon: CURRENT_CANON, glue: cpuGlue, binary: cpuBinary },
  gpu: { canon: GPU_BUILD, glue: gpuGlue, binary: gpuBinary },
}

/** Answers the calls that reach this worker. */
export function serveEngine(): void {
  const host = engineHost(start)
  const answer = async (call: Call): Promise<void> => {
    const reply = await host(call)
    self.postMessage(reply, { transfer: transferable(reply) })
  }
  self.addEventListener('message', ({ data }: MessageEvent<Call>) => void answer(data))
}

async function start(request: OpenRequest): Promise<{ ort: Ort; info: EngineInfo }> {
  const { kind, memoryLimit } = request
  const { canon, glue, binary } = BUILDS[kind]
  const adapter = kind === 'gpu' ? await adapterName(request) : undefined
  capMemory(memoryLimit)
  ort.env.logLevel = 'fatal'
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { mjs: absolute(glue) }
  ort.env.wasm.wasmBinary = await pinned(kind, canon, await fetched(kind, absolute(binary)))
  return {
    ort,
    info: { kind, build: canon.id, wasmSha256: canon.wasmSha256, ...(adapter === undefined ? {} : { adapter }) },
  }
}

/** The GPU's name. An emulated one is slower than the CPU: it is refused. */
async function adapterName({ allowSoftwareGpu }: OpenRequest): Promise<string> {
  const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter() : null
  if (!adapter) throw fault({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why: 'this browser offers no GPU' })
  const { vendor, architecture, isFallbackAdapter } = adapter.info
  if (isFallbackAdapter && !allowSoftwareGpu) {
    throw fault({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why: 'this browser only emulates a GPU' })
  }
  return `${vendor} ${architecture}`.trim() || 'unnamed'
}

async function fetched(engine: EngineKind, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url)
  if (!response.ok)
    throw fault({ code: 'ENGINE_UNAVAILABLE', engine, why: `its program could not be fetched (${response.status})` })
  return new Uint8Array(await response.arrayBuffer())
}

const absolute = (url: string): string => new URL(url, self.location.href).href
