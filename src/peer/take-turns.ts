import type { PeerId } from '../domain/peer-id.ts'

/** Lets one task through at a time, by turns among those it is for: nobody's second comes before another's first. */
export class FairTurns {
  /** Who waits, whoever waits longest for a turn first. */
  readonly #waiting = new Map<PeerId, readonly (() => void)[]>()
  #taken = false
  #last: PeerId | undefined

  /** Runs a task when it is its turn. Rejects with the signal's reason where it is aborted before. */
  async take<T>(who: PeerId, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    if (this.#taken) await this.#turnOf(who, signal)
    this.#taken = true
    this.#last = who
    try {
      return await task()
    } finally {
      this.#next()
    }
  }

  #turnOf(who: PeerId, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      this.#keep(
        who,
        (this.#waiting.get(who) ?? []).filter((other) => other !== resolve),
      )
      reject(signal.reason as Error)
    }
    this.#keep(who, [...(this.#waiting.get(who) ?? []), resolve])
    signal.addEventListener('abort', leave, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', leave))
  }

  #keep(who: PeerId, tasks: readonly (() => void)[]): void {
    if (tasks.length === 0) this.#waiting.delete(who)
    else this.#waiting.set(who, tasks)
  }

  #next(): void {
    const all = [...this.#waiting]
    const [who, [first, ...rest]] = all.find(([other]) => other !== this.#last) ?? all[0] ?? ['', []]
    this.#taken = first !== undefined
    // To the end: the others come first.
    this.#waiting.delete(who)
    this.#keep(who, rest)
    first?.()
  }
}
