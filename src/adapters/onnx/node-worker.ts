import { readFile } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import { fault } from '../../domain/fault.ts'
import { canonWith, CURRENT_CANON } from './canons.ts'
import { engineHost, type StartEngine } from './engine-host.ts'
import { capMemory } from './memory-cap.ts'
import type { Call } from './messages.ts'
import type { Ort } from './ort-session.ts'
import { pinned } from './pinned.ts'
import { transferable } from './transferable.ts'

const start: StartEngine = async ({ kind, canon: wanted, memoryLimit }) => {
  if (kind === 'gpu') throw fault({ code: 'ENGINE_UNAVAILABLE', engine: kind, why: 'Node has no GPU' })
  const canon = wanted === undefined ? CURRENT_CANON : canonWith(wanted)
  const library = import.meta.resolve(canon.source)
  capMemory(memoryLimit)
  const ort = (await import(library)) as Ort
  ort.env.logLevel = 'fatal'
  ort.env.wasm.numThreads = 1
  const binary = new Uint8Array(await readFile(new URL(canon.file, library)))
  ort.env.wasm.wasmBinary = await pinned(kind, canon, binary)
  return { ort, info: { kind, build: canon.id, wasmSha256: canon.wasmSha256 } }
}

const host = engineHost(start)
const answer = async (call: Call): Promise<void> => {
  const reply = await host(call)
  parentPort?.postMessage(reply, transferable(reply))
}
parentPort?.on('message', (call: Call) => void answer(call))
