import type { Call, CallName, EngineLink, Reply } from './messages.ts'
import type { ModelEngine } from './model-engine.ts'
import { openWorkerEngine, type EngineOptions, type GpuOptions } from './worker-engine.ts'

/** Makes the worker that `src/entry/inference-worker.ts` is the script of. Called again after each that had to be stopped. */
export interface WebWorkerInit {
  readonly createWorker: () => Worker
}

/** The canon in a worker of this tab. Rejects with `ENGINE_UNAVAILABLE`. */
export const openCpuEngine = ({ createWorker, ...options }: EngineOptions & WebWorkerInit): Promise<ModelEngine> =>
  openWorkerEngine('cpu', () => webLink(createWorker()), options)

/** This tab's GPU. Rejects with `ENGINE_UNAVAILABLE` where there is none, and `SELF_TEST_FAILED` where it computes wrong. */
export const openGpuEngine = ({ createWorker, ...options }: GpuOptions & WebWorkerInit): Promise<ModelEngine> =>
  openWorkerEngine('gpu', () => webLink(createWorker()), options)

/** Opens any canon that this app has, in a worker of this tab. What an older one needs is fetched when it is opened. */
export const canonOpener =
  (init: EngineOptions & WebWorkerInit) =>
  (canon: string, options: EngineOptions = {}): Promise<ModelEngine> =>
    openCpuEngine({ ...init, ...options, canon })

const webLink = (worker: Worker): EngineLink => ({
  exchange: <K extends CallName>(call: Call<K>, transfer: ArrayBuffer[]) =>
    new Promise<Reply<K>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Reply<K>>) => resolve(data)
      worker.onmessageerror = () => reject(new Error('its worker sent what cannot be read'))
      worker.onerror = ({ message }) =>
        reject(new Error(message ? `its worker stopped: ${message}` : 'its worker stopped'))
      worker.postMessage(call, transfer)
    }),
  terminate: () => worker.terminate(),
})
