import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import * as ort from 'onnxruntime-web'
import { fault } from '../../domain/fault.ts'
import { CURRENT_CANON } from './canons.ts'
import { engineHost, type StartEngine } from './engine-host.ts'
import { capMemory } from './memory-cap.ts'
import type { Call } from './messages.ts'
import { pinned } from './pinned.ts'
import { transferable } from './transferable.ts'

const start: StartEngine = async ({ kind, memoryLimit }) => {
  if (kind === 'gpu') throw fault({ code: 'ENGINE_UNAVAILABLE', engine: kind, why: 'Node has no GPU' })
  const file = fileURLToPath(import.meta.resolve(`onnxruntime-web/${CURRENT_CANON.file}`))
  capMemory(memoryLimit)
  ort.env.logLevel = 'fatal'
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmBinary = await pinned(kind, CURRENT_CANON, new Uint8Array(await readFile(file)))
  return { ort, info: { kind, build: CURRENT_CANON.id, wasmSha256: CURRENT_CANON.wasmSha256 } }
}

const host = engineHost(start)
const answer = async (call: Call): Promise<void> => {
  const reply = await host(call)
  parentPort?.postMessage(reply, transferable(reply))
}
parentPort?.on('message', (call: Call) => void answer(call))
