import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { readRoute, type Route } from '../route.ts'

/** The route in the address bar; renders its host again when it changes. */
export class HashRoute implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #changed: (route: Route, before: Route) => void
  route: Route = readRoute(location.hash)

  constructor(host: ReactiveControllerHost, changed: (route: Route, before: Route) => void = () => {}) {
    this.#host = host
    this.#changed = changed
    host.addController(this)
  }

  hostConnected(): void {
    addEventListener('hashchange', this.#read)
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#read)
  }

  /** Writes the address without going anywhere: no step back leads to what it was before. */
  replace(hash: string): void {
    history.replaceState(history.state, '', hash)
    this.route = readRoute(location.hash)
    this.#host.requestUpdate()
  }

  readonly #read = (): void => {
    const before = this.route
    this.route = readRoute(location.hash)
    this.#changed(this.route, before)
    this.#host.requestUpdate()
  }
}
