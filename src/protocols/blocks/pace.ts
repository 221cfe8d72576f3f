import type { Clock } from '../../ports/clock.ts'

/** Milliseconds after which a limit that was changed counts for those who wait. */
const SOON = 1_000

/** Lets bytes pass in the order in which they come, no more of them in a second than a limit: a token bucket of one block. */
export class Pace {
  readonly #clock: Clock
  readonly #limit: () => number
  /** Bytes that have passed before their time. */
  #owed = 0
  #at: number
  #tail: Promise<void> = Promise.resolve()
  #cancel = (): void => {}
  #stopped = false

  /** `limit` is in bytes per second, 0 for none. */
  constructor(clock: Clock, limit: () => number) {
    this.#clock = clock
    this.#limit = limit
    this.#at = clock.now()
  }

  /** Resolves once these bytes may leave. */
  pass(bytes: number): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      while (this.#settle() > 0 && !this.#stopped) await this.#wait()
      this.#owed += bytes
    })
    return this.#tail
  }

  /** Leaves no timer, and nobody waiting. */
  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** Bytes still owed by now. */
  #settle(): number {
    const now = this.#clock.now()
    const limit = this.#limit()
    this.#owed = limit === 0 ? 0 : Math.max(0, this.#owed - ((now - this.#at) / 1_000) * limit)
    this.#at = now
    return this.#owed
  }

  #wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stopTimer = this.#clock.after(Math.min(SOON, (this.#owed / this.#limit()) * 1_000), resolve)
    this.#cancel = () => {
      stopTimer()
      resolve()
    }
    return promise
  }
}
