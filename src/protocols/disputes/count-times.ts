import type { Clock } from '../../ports/clock.ts'

/** How often each key did something within a while. Who was counted first is let go of when too many are. */
export class Times {
  readonly #clock: Clock
  readonly #limits: TimesLimits
  /** By key, the one counted for longest first. */
  readonly #counts = new Map<string, { readonly since: number; readonly times: number }>()

  constructor(clock: Clock, limits: TimesLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Counts one more, and says whether it is more than is allowed. */
  isTooMany(key: string): boolean {
    const { most, within, keys } = this.#limits
    const now = this.#clock.now()
    const known = this.#counts.get(key)
    if (known !== undefined && now - known.since <= within) {
      const times = known.times + 1
      this.#counts.set(key, { since: known.since, times })
      return times > most
    }
    this.#counts.delete(key)
    this.#counts.set(key, { since: now, times: 1 })
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > keys && oldest !== undefined) this.#counts.delete(oldest)
    return false
  }
}

export interface TimesLimits {
  /** Times of one key. */
  readonly most: number
  /** Milliseconds from the first of them. */
  readonly within: number
  /** Keys counted at a time. */
  readonly keys: number
}
