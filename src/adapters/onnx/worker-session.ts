import { fault, faultOf } from '../../domain/fault.ts'
import type { ModelId } from '../../domain/manifest.ts'
import type { EngineInfo } from '../../ports/inference-engine.ts'
import type { CallName, EngineLink, OpenRequest, ReplyOf, RequestOf } from './messages.ts'
import { transferable } from './transferable.ts'

/** Milliseconds to fetch, check and compile the engine: 7 MB on a slow phone. */
const OPEN_LIMIT = 120_000

/**
 * Milliseconds for which a task goes on whose caller has given up. Most end within it by themselves; stopping the worker
 * costs everybody's sessions and about as long, and whoever asks and hangs up could make it happen again and again.
 */
const GRACE = 1_000

/**
 * One worker at a time, and the queue before it. A worker that crashes, overruns its time or its memory is stopped, and
 * the next call starts another, without the sessions that the old one held.
 */
export class WorkerSession {
  readonly #connect: () => EngineLink
  readonly #request: OpenRequest
  readonly #held = new Set<ModelId>()
  readonly #closing = new AbortController()
  #link: EngineLink | undefined
  #tail: Promise<unknown> = Promise.resolve()

  constructor(connect: () => EngineLink, request: OpenRequest) {
    this.#connect = connect
    this.#request = request
  }

  /** Whether the present worker holds a session for the model. */
  holds(model: ModelId): boolean {
    return this.#held.has(model)
  }

  hold(model: ModelId): void {
    this.#held.add(model)
  }

  drop(model: ModelId): void {
    this.#held.delete(model)
  }

  /** Runs tasks one after another. One that fails does not stop the next; one that is cancelled while it waits never starts. */
  async enqueue<T>(signal: AbortSignal | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    const result = this.#tail.then(() => {
      if (stop.aborted) throw fault({ code: 'CANCELLED' })
      return this.#withGrace(stop, task)
    })
    this.#tail = result.catch(() => {})
    return await within(stop, result)
  }

  async #withGrace<T>(signal: AbortSignal, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const onCancel = () => {
      if (this.#closing.signal.aborted) stop.abort()
      else timer = setTimeout(() => stop.abort(), GRACE)
    }
    signal.addEventListener('abort', onCancel, { once: true })
    try {
      return await task(stop.signal)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onCancel)
    }
  }

  /** Starts a worker. Rejects with `ENGINE_UNAVAILABLE`. */
  async open(signal: AbortSignal = this.#closing.signal): Promise<EngineInfo> {
    try {
      return await this.#exchange(
        'open',
        { ...this.#request, probe: new Uint8Array(this.#request.probe) },
        OPEN_LIMIT,
        signal,
      )
    } catch (error) {
      this.#stop()
      const cause = faultOf(error)
      throw cause.code === 'ENGINE_FAILED'
        ? fault({ code: 'ENGINE_UNAVAILABLE', engine: this.#request.kind, why: cause.why })
        : fault(cause)
    }
  }

  /** Makes a call, to be answered within `limit` milliseconds. Only inside a task of the queue, with the task's signal. */
  async call<K extends CallName>(
    call: K,
    request: RequestOf<K>,
    limit: number,
    signal: AbortSignal,
  ): Promise<ReplyOf<K>> {
    if (!this.#link) await this.open(signal)
    return await this.#exchange(call, request, limit, signal)
  }

  /** Cancels every task and stops the worker. */
  close(): void {
    this.#closing.abort()
    this.#stop()
  }

  async #exchange<K extends CallName>(
    call: K,
    request: RequestOf<K>,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<ReplyOf<K>> {
    const link = (this.#link ??= this.#connect())
    const reply = await this.#answer(link.exchange({ call, request }, transferable(request)), limitMs, signal)
    if ('value' in reply) return reply.value
    if (reply.spoiled) this.#stop()
    throw fault(reply.fault)
  }

  /** The worker's answer. Whatever comes instead (a crash, the limit, a cancellation) leaves it in an unknown state: it is stopped. */
  async #answer<T>(answered: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(fault({ code: 'ENGINE_TIMED_OUT', limitMs })), limitMs)
    try {
      return await within(signal, Promise.race([answered, late.promise]))
    } catch (error) {
      this.#stop()
      throw fault(faultOf(error))
    } finally {
      clearTimeout(timer)
    }
  }

  #stop(): void {
    this.#link?.terminate()
    this.#link = undefined
    this.#held.clear()
  }
}

/** The promise's outcome, or `CANCELLED` as soon as the signal says so. */
async function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const cancelled = Promise.withResolvers<never>()
  const cancel = () => cancelled.reject(fault({ code: 'CANCELLED' }))
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel)
  try {
    return await Promise.race([promise, cancelled.promise])
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
