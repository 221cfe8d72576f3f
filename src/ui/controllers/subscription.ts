import type { ReactiveController, ReactiveControllerHost } from 'lit'

interface Source {
  subscribe(listener: () => void): () => void
}

/** Renders its host again at each change of what it looks at, for as long as the host is in the page. */
export class Subscription implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #source: () => Source | undefined
  #watched: Source | undefined
  #unsubscribe: (() => void) | undefined

  constructor(host: ReactiveControllerHost, source: () => Source | undefined) {
    this.#host = host
    this.#source = source
    host.addController(this)
  }

  hostConnected(): void {
    this.#watch()
  }

  hostUpdate(): void {
    this.#watch()
  }

  hostDisconnected(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#watched = undefined
  }

  #watch(): void {
    const source = this.#source()
    if (source === this.#watched) return
    this.#unsubscribe?.()
    this.#watched = source
    this.#unsubscribe = source?.subscribe(() => this.#host.requestUpdate())
  }
}
