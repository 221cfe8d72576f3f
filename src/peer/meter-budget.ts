import type { Clock } from '../ports/clock.ts'

/** Milliseconds over which computing is counted against the budget. */
const WINDOW = 60_000

/** Keeps this device's computing for others within the share of its time that its owner gave. */
export class BudgetMeter {
  #runs: { readonly endedAt: number; readonly ms: number }[] = []
  #total = 0
  #count = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  record(ms: number): void {
    this.#runs.push({ endedAt: this.#clock.now(), ms })
    this.#total += ms
    this.#count += 1
  }

  /** Share of the last minute, 0..1 and above where jobs overlapped. */
  used(): number {
    const since = this.#clock.now() - WINDOW
    this.#runs = this.#runs.filter((run) => run.endedAt >= since)
    return this.#runs.reduce((sum, run) => sum + run.ms, 0) / WINDOW
  }

  /** Milliseconds since the start. */
  get total(): number {
    return this.#total
  }

  get count(): number {
    return this.#count
  }

  /** Median milliseconds of the last minute's runs; undefined where there were none. */
  median(): number | undefined {
    const sorted = this.#runs.map((run) => run.ms).toSorted((a, b) => a - b)
    return sorted[sorted.length >> 1]
  }
}
