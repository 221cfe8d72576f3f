import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** Milliseconds of a clock whose seconds are short: what takes half a minute is over in under a second. */
const HURRY = 100

/** The machine's time with shorter waits, for stories in which somebody waits for what never comes. */
export class HurriedClock implements Clock {
  readonly #hurry: number

  constructor(hurry = HURRY) {
    this.#hurry = hurry
  }

  now(): number {
    return systemClock.now() * this.#hurry
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms / this.#hurry, callback)
  }
}
