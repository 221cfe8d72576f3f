import { faultOf, type Fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { Import, ModelOrigin, Models } from '../peer/view.ts'

/** What this tab brings here on a person's word: it goes on while other screens are looked at. */
export class Hosting {
  readonly #models: Models
  readonly #listeners = new Set<() => void>()
  readonly #keeping = new Map<ModelId, AbortController>()
  readonly #faults = new Map<ModelId, Fault>()
  #stopWatching = () => {}
  /** The import under way, or the last one that ended and was not put away. */
  import: Import | undefined
  origin: ModelOrigin | undefined

  constructor(models: Models) {
    this.#models = models
  }

  /** Imports from an origin, in place of what was imported before. */
  start(origin: ModelOrigin): void {
    this.dismiss()
    this.origin = origin
    this.import = this.#models.import(origin)
    this.#stopWatching = this.import.subscribe(() => this.#changed())
    this.#changed()
  }

  /** Puts the import away, and stops it where it still goes on. */
  dismiss(): void {
    this.#stopWatching()
    if (this.import && !['done', 'failed'].includes(this.import.view.phase)) this.import.cancel()
    this.import = this.origin = undefined
    this.#changed()
  }

  /** Whether a model is being brought here because a person said so, who may therefore stop it. */
  isKeeping(model: ModelId): boolean {
    return this.#keeping.has(model)
  }

  /** Why what a person last wanted of a model did not come about. */
  faultOf(model: ModelId): Fault | undefined {
    return this.#faults.get(model)
  }

  keep(model: ModelId): void {
    const controller = new AbortController()
    this.#keeping.set(model, controller)
    void this.attempt(model, () => this.#models.keep(model, { signal: controller.signal })).finally(() => {
      this.#keeping.delete(model)
      this.#changed()
    })
  }

  stopKeeping(model: ModelId): void {
    this.#keeping.get(model)?.abort()
  }

  /** Does something with a model, and keeps what went wrong for its screen. Never rejects. */
  async attempt(model: ModelId, work: () => Promise<void>): Promise<void> {
    this.#faults.delete(model)
    this.#changed()
    try {
      await work()
    } catch (error) {
      const fault = faultOf(error)
      if (fault.code !== 'CANCELLED') this.#faults.set(model, fault)
    }
    this.#changed()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
