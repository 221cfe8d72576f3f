import { Worker } from 'node:worker_threads'
import type { Call, CallName, EngineLink, Reply } from './messages.ts'
import type { ModelEngine } from './model-engine.ts'
import { openWorkerEngine, type EngineOptions } from './worker-engine.ts'

/** The canon in Node, in a thread of its own: for the command line, Node peers and tests. */
export const openNodeCpuEngine = (options?: EngineOptions): Promise<ModelEngine> =>
  openWorkerEngine('cpu', threadLink, options)

/** Any canon that this app has, in Node. */
export const openNodeCanon = (canon: string, options: EngineOptions = {}): Promise<ModelEngine> =>
  openNodeCpuEngine({ ...options, canon })

function threadLink(): EngineLink {
  const thread = new Worker(new URL('./node-worker.ts', import.meta.url))
  return {
    exchange: <K extends CallName>(call: Call<K>, transfer: ArrayBuffer[]) =>
      new Promise<Reply<K>>((resolve, reject) => {
        thread.removeAllListeners()
        thread.once('message', (reply: Reply<K>) => resolve(reply))
        thread.once('error', reject)
        thread.once('exit', (code) => reject(new Error(`its thread ended with ${code}`)))
        thread.postMessage(call, transfer)
      }),
    terminate: () => void thread.terminate(),
  }
}
