import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineLink } from '../../../src/adapters/onnx/messages.ts'
import { WorkerSession } from '../../../src/adapters/onnx/worker-session.ts'
import { faultFrom } from '../../kits/inference-engine.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A worker that answers when it is told to, and how often one was started and stopped. */
function stage() {
  const count = { started: 0, stopped: 0 }
  let answer = () => {}
  const connect = (): EngineLink => {
    count.started++
    return {
      exchange: ({ call }) =>
        new Promise((resolve) => {
          answer = () => resolve({ value: undefined } as never)
          if (call === 'open') answer()
        }),
      terminate: () => void count.stopped++,
    }
  }
  const open = {
    kind: 'cpu',
    memoryLimit: 1,
    outputLimit: 1,
    allowSoftwareGpu: false,
    probe: new Uint8Array(1),
  } as const
  const session = new WorkerSession(connect, open)
  const release = (signal?: AbortSignal) =>
    session.enqueue(signal, (stop) => session.call('release', { model: 'm' }, 30_000, stop))
  return { count, session, release, answer: () => answer() }
}

/** A call that is under way. */
async function underWay() {
  const worker = stage()
  const cancel = new AbortController()
  const first = faultFrom(worker.release(cancel.signal))
  await vi.advanceTimersByTimeAsync(0)
  const second = worker.release()
  cancel.abort()
  expect(await first).toEqual({ code: 'CANCELLED' })
  return { ...worker, second }
}

test('a worker whose caller gives up is kept, if it answers soon after', async () => {
  const { count, second, answer } = await underWay()
  answer()
  await vi.advanceTimersByTimeAsync(0)
  answer()
  await second
  expect(count).toEqual({ started: 1, stopped: 0 })
  expect(vi.getTimerCount()).toBe(0)
})

test('one that goes on for ever is stopped, and another answers the next call', async () => {
  const { count, second, answer } = await underWay()
  await vi.advanceTimersByTimeAsync(2_000)
  answer()
  await second
  expect(count).toEqual({ started: 2, stopped: 1 })
})

test('closing waits for nobody', async () => {
  const { session, release } = stage()
  const running = faultFrom(release())
  await vi.advanceTimersByTimeAsync(0)
  session.close()
  expect(await running).toEqual({ code: 'CANCELLED' })
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})
