import type { CanonEngine, OpenCanon } from '../ports/canon-engine.ts'

/** The canons of this device: the one in use, and older ones while something of theirs is replayed. */
export class Canons {
  readonly #own: CanonEngine
  readonly #openOther: OpenCanon
  readonly #others = new Map<string, Promise<CanonEngine>>()

  constructor(own: CanonEngine, openOther: OpenCanon) {
    this.#own = own
    this.#openOther = openOther
  }

  /** Each is opened once. Rejects with `CANON_UNKNOWN`. */
  readonly open: OpenCanon = (wasmSha256, options) => {
    if (wasmSha256 === this.#own.info.wasmSha256) return Promise.resolve(this.#own)
    const opening = this.#others.get(wasmSha256) ?? this.#openOther(wasmSha256, options)
    this.#others.set(wasmSha256, opening)
    opening.catch(() => this.#others.delete(wasmSha256))
    return opening
  }

  /** Closes all but the one in use, which is its opener's to close. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#others.values()].map(async (opening) => (await opening).close()))
  }
}
