/** Something that is loaded when it is first wanted, once for all who want it. Where that fails, for want of a network perhaps, the next who wants it tries again. */
export class Late<T> {
  readonly #load: () => Promise<T>
  #begun: Promise<T> | undefined

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  /** What is loaded or on its way; undefined where nobody has wanted it, or it was not to be had. */
  get begun(): Promise<T> | undefined {
    return this.#begun
  }

  here(): Promise<T> {
    this.#begun ??= this.#load()
    this.#begun.catch(() => (this.#begun = undefined))
    return this.#begun
  }
}
