import type { Clock } from '../../ports/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** A clock that stands still until it is told to go: timers fire in order of time, then of their making. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now = 0
  #made = 0

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#made++, callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Goes `ms` ahead, timer by timer. Whatever promises a timer settles have run before the next one fires. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let timer = this.#next(); timer && timer.at <= until; timer = this.#next()) await this.#fire(timer)
    this.#now = until
  }

  /** Goes ahead until `done()` or until no timer is left. Throws once `limitMs` have passed: something re-arms itself for ever. */
  async runUntil(done: () => boolean, limitMs = 3_600_000): Promise<void> {
    const limit = this.#now + limitMs
    await settled()
    while (!done()) {
      const timer = this.#next()
      if (!timer) return
      if (timer.at > limit) throw new Error(`not done after ${limitMs} ms`)
      await this.#fire(timer)
    }
  }

  /** Goes ahead until no timer is left. */
  runUntilIdle(limitMs?: number): Promise<void> {
    return this.runUntil(() => false, limitMs)
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer)
    this.#now = timer.at
    timer.callback()
    await settled()
  }

  #next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}

/** Resolves when every microtask has run: a macrotask of the host, which promises cannot outlast. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
