import { fault } from '../domain/fault.ts'
import type { Uncertainty } from '../domain/authority/report-shape.ts'
import type { Reckon } from '../peer/governance/report-room.ts'
import type { Reckoning } from './reckoning-worker.ts'

/** Reckons with chance in a worker of its own, which ends with it. Rejects with `CANCELLED`, and with `ENGINE_FAILED` where the worker breaks. */
export const reckonIn =
  (createWorker: () => Worker): Reckon =>
  (input, report, { signal } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Uncertainty>()
    const worker = createWorker()
    const cancel = () => reject(fault({ code: 'CANCELLED' }))
    worker.addEventListener('message', ({ data }: MessageEvent<Uncertainty>) => resolve(data))
    worker.addEventListener('error', ({ message }) =>
      reject(fault({ code: 'ENGINE_FAILED', why: message || 'its worker ended' })),
    )
    signal?.addEventListener('abort', cancel, { once: true })
    if (signal?.aborted) cancel()
    else worker.postMessage({ input, report } satisfies Reckoning)
    return promise.finally(() => {
      signal?.removeEventListener('abort', cancel)
      worker.terminate()
    })
  }
