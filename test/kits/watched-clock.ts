import type { Clock } from '../../src/ports/clock.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'

/** The machine's time, with an account of every timer that has neither fired nor been cancelled. */
export class WatchedClock implements Clock {
  readonly #pending = new Map<object, string>()

  now(): number {
    return systemClock.now()
  }

  after(ms: number, callback: () => void): () => void {
    const timer = {}
    this.#pending.set(timer, new Error('set here').stack ?? '')
    const cancel = systemClock.after(Math.max(0, ms), () => {
      this.#pending.delete(timer)
      callback()
    })
    return () => {
      this.#pending.delete(timer)
      cancel()
    }
  }

  /** Where the pending timers were set that one of these files set. */
  pendingOf(...files: string[]): string[] {
    return [...this.#pending.values()].filter((stack) => files.some((file) => stack.includes(file)))
  }
}
