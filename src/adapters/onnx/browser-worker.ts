import * as present from 'onnxruntime-web/webgpu'
import gpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import gpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import cpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import cpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { fault } from '../../domain/fault.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { EngineInfo } from '../../ports/inference-engine.ts'
import { canonWith, CURRENT_CANON, GPU_BUILD, type Canon } from './canons.ts'
import { engineHost } from './engine-host.ts'
import { capMemory } from './memory-cap.ts'
import type { Call, OpenRequest } from './messages.ts'
import type { Ort } from './ort-session.ts'
import { pinned } from './pinned.ts'
import { transferable } from './transferable.ts'

interface Build {
  readonly canon: Canon
  readonly ort: Ort
  readonly glue: string
  readonly binary: string
}

/** The library's own code is the same for both; its glue and its binary are not, and only those of one kind are fetched. */
const BUILDS: Record<EngineKind, Build> = {
  cpu: { canon: CURRENT_CANON, ort: present, glue: cpuGlue, binary: cpuBinary },
  gpu: { canon: GPU_BUILD, ort: present, glue: gpuGlue, binary: gpuBinary },
}

/** What is needed of canons that are not the present one, by version: fetched when one is opened. */
const OLDER: Readonly<Record<string, () => Promise<Omit<Build, 'canon'>>>> = {
  '1.22.0': () => import('./older/onnxruntime-web-1.22.ts'),
}

async function buildFor({ kind, canon: wanted }: OpenRequest): Promise<Build> {
  const canon = wanted === undefined ? BUILDS[kind].canon : canonWith(wanted)
  const older = OLDER[canon.version]
  return older ? { ...(await older()), canon } : BUILDS[kind]
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
  const { canon, ort, glue, binary } = await buildFor(request)
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
