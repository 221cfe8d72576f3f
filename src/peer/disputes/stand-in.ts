import type { Charter } from '../../domain/charter/charter.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'

/** Contests that are waited on at a time: whoever floods the room with them makes nobody work for more. */
const MAX_WAITING = 8

export interface StandInComponents {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly charter: Charter
  /** Whether this device may run a model now. */
  readonly mayRun: () => boolean
  /** Whether no party has asserted anything in a contest: what strangers say keeps nobody from it. */
  readonly isNeeded: (job: string) => boolean
  /** Follows a dispute to its end. */
  readonly lookInto: (job: string) => Promise<void>
}

/** Looks into contests of others about which no party asserts anything: one at a time, and not at the moment at which all others would. */
export class StandIn {
  readonly #components: StandInComponents
  readonly #waiting = new Set<() => void>()
  #isBusy = false

  constructor(components: StandInComponents) {
    this.#components = components
  }

  consider(job: string): void {
    const { clock, charter, random, mayRun, isNeeded } = this.#components
    if (this.#waiting.size >= MAX_WAITING) return
    const wait = (charter.timeouts.assert / 3) * (1 + (random(1)[0] ?? 0) / 256)
    const cancel = clock.after(wait, () => {
      this.#waiting.delete(cancel)
      if (!this.#isBusy && mayRun() && isNeeded(job)) void this.#lookInto(job)
    })
    this.#waiting.add(cancel)
  }

  close(): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  async #lookInto(job: string): Promise<void> {
    this.#isBusy = true
    try {
      await this.#components.lookInto(job)
    } catch {
      // The parties show nothing: there is nothing to look into.
    } finally {
      this.#isBusy = false
    }
  }
}
