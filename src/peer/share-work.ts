import { fault } from '../domain/fault.ts'

interface Work<T> {
  readonly done: Promise<T>
  readonly stop: AbortController
  waiting: number
}

/** Work that several may want at a time and that is done once for all of them; given up when none wants it any more. */
export class SharedWork<T> {
  readonly #underWay = new Map<string, Work<T>>()

  async join(key: string, signal: AbortSignal | undefined, begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw fault({ code: 'CANCELLED' })
    const work = this.#underWay.get(key) ?? this.#begin(key, begin)
    work.waiting += 1
    try {
      return await unlessAborted(work.done, signal)
    } finally {
      work.waiting -= 1
      if (work.waiting === 0) {
        this.#end(key, work)
        work.stop.abort(fault({ code: 'CANCELLED' }))
      }
    }
  }

  #begin(key: string, begin: (signal: AbortSignal) => Promise<T>): Work<T> {
    const stop = new AbortController()
    const work = { done: begin(stop.signal), stop, waiting: 0 }
    work.done.then(
      () => this.#end(key, work),
      () => this.#end(key, work),
    )
    this.#underWay.set(key, work)
    return work
  }

  #end(key: string, work: Work<T>): void {
    if (this.#underWay.get(key) === work) this.#underWay.delete(key)
  }
}

/** Waits for what somebody else may have begun, and no longer than one's own need of it. */
function unlessAborted<T>(task: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return task
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = () => reject(fault({ code: 'CANCELLED' }))
  signal.addEventListener('abort', leave, { once: true })
  return Promise.race([task, promise]).finally(() => signal.removeEventListener('abort', leave))
}
