import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** Milliseconds from which on a wait is somebody's patience, and not a pause. */
const PATIENCE = 10_000
/** How many times shorter. */
const HURRY = 100

/**
 * The machine's time with shorter pauses, for stories in which somebody tries again and again. Patience is as long as ever,
 * since a busy machine may need it, but where a story is about its end.
 */
export class HurriedClock implements Clock {
  readonly #impatient: boolean

  constructor({ impatient = false } = {}) {
    this.#impatient = impatient
  }

  now(): number {
    return systemClock.now()
  }

  after(ms: number, callback: () => void): () => void {
    const hurried = ms < PATIENCE || this.#impatient
    return systemClock.after(hurried ? ms / HURRY : ms, callback)
  }
}
