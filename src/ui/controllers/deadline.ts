import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { LONGEST_TIMER } from '../../domain/longest-timer.ts'

/** Whether a moment lies ahead; renders its host again once it no longer does. */
export class Deadline implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
  }

  /** The moment itself while it lies ahead. */
  ahead(moment: Date | undefined): Date | undefined {
    clearTimeout(this.#timer)
    const left = moment === undefined ? 0 : moment.getTime() - Date.now()
    if (left <= 0) return undefined
    this.#timer = setTimeout(() => this.#host.requestUpdate(), Math.min(left, LONGEST_TIMER))
    return moment
  }
}
