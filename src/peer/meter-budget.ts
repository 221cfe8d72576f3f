import type { Clock } from '../ports/clock.ts'

/** Milliseconds over which computing is counted against the budget. */
const WINDOW = 60_000

interface Run {
  readonly endedAt: number
  readonly ms: number
}

/** Keeps this device's computing for others within the share of its time that its owner gave. */
export class BudgetMeter {
  /** What runs took of this device, whatever came of them. */
  #spent: readonly Run[] = []
  /** What engines say of the runs that came to an end. */
  #runs: readonly Run[] = []
  #total = 0
  #count = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts time that an engine was taken, a run that failed or was given up included. */
  spend(ms: number): void {
    this.#spent = [...this.#recent(this.#spent), { endedAt: this.#clock.now(), ms }]
    this.#total += ms
  }

  /** Counts a job that was done, by the engine's own time. */
  record(ms: number): void {
    this.#runs = [...this.#recent(this.#runs), { endedAt: this.#clock.now(), ms }]
    this.#count += 1
  }

  /** Share of the last minute, 0..1 and above where jobs overlapped. */
  used(): number {
    this.#spent = this.#recent(this.#spent)
    return this.#spent.reduce((sum, run) => sum + run.ms, 0) / WINDOW
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
    const sorted = this.#recent(this.#runs)
      .map((run) => run.ms)
      .toSorted((a, b) => a - b)
    return sorted[sorted.length >> 1]
  }

  #recent(runs: readonly Run[]): readonly Run[] {
    const since = this.#clock.now() - WINDOW
    return runs.filter((run) => run.endedAt >= since)
  }
}
