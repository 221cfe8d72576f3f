import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { faultOf, type Fault } from '../../domain/fault.ts'

/** Milliseconds after which a wait is shown: shorter ones would only flicker. */
const SHOWN_AFTER = 300

/** One piece of work at a time that a person waits for: what it gave, what went wrong, and whether to show that it goes on. */
export class Task<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #running: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Work goes on. */
  pending = false
  /** Work has gone on for long enough to say so. */
  slow = false
  value: T | undefined
  fault: Fault | undefined

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    this.cancel()
  }

  /** Starts work in place of what went on before. A cancellation is no fault to show. */
  async run(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.cancel()
    const controller = new AbortController()
    this.#running = controller
    this.#set({ pending: true, value: undefined, fault: undefined })
    this.#timer = setTimeout(() => this.#set({ slow: true }), SHOWN_AFTER)
    try {
      const value = await work(controller.signal)
      if (this.#running === controller) this.#set({ value })
    } catch (error) {
      const fault = faultOf(error)
      if (this.#running === controller && fault.code !== 'CANCELLED') this.#set({ fault })
    } finally {
      if (this.#running === controller) this.#end()
    }
  }

  cancel(): void {
    this.#running?.abort()
    this.#end()
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#running = undefined
    this.#set({ pending: false, slow: false })
  }

  #set(change: { pending?: boolean; slow?: boolean; value?: T | undefined; fault?: Fault | undefined }): void {
    Object.assign(this, change)
    this.#host.requestUpdate()
  }
}
