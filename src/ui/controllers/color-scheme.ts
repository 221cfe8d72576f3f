import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Renders its host again when the page turns light or dark: a canvas keeps the colours it was painted with. */
export class ColorScheme implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.#dark.addEventListener('change', this.#changed)
  }

  hostDisconnected(): void {
    this.#dark.removeEventListener('change', this.#changed)
  }

  readonly #changed = (): void => this.#host.requestUpdate()
}
