type Handler<T> = (detail: T) => void

/** Typed events, delivered synchronously in the order of subscription. A handler added or removed meanwhile counts from the next event. */
export class Emitter<Events extends object> {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>()

  /** Returns the way to unsubscribe. */
  on<K extends keyof Events>(event: K, handler: Handler<Events[K]>): () => void {
    const handlers = this.#handlers.get(event) ?? new Set()
    this.#handlers.set(event, handlers.add(handler))
    return () => void handlers.delete(handler)
  }

  emit<K extends keyof Events>(event: K, detail: Events[K]): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])] as Handler<Events[K]>[]) handler(detail)
  }
}
