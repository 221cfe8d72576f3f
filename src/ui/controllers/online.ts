import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Whether this device has any network at all, as far as the browser knows. */
export class Online implements ReactiveController {
  readonly #host: ReactiveControllerHost

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  get now(): boolean {
    return navigator.onLine
  }

  hostConnected(): void {
    addEventListener('online', this.#changed)
    addEventListener('offline', this.#changed)
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#changed)
    removeEventListener('offline', this.#changed)
  }

  readonly #changed = (): void => this.#host.requestUpdate()
}
