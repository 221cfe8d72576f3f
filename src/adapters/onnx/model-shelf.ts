import type { ModelId } from '../../domain/manifest.ts'
import { bytesOfFiles, type Runnable } from './model-engine.ts'

/** Models that an engine can run without being given their bytes again. The least recently used leave first. */
export class ModelShelf {
  readonly #models = new Map<ModelId, Runnable>()
  readonly #maxModels: number
  readonly #maxBytes: number

  constructor(maxModels: number, maxBytes: number) {
    this.#maxModels = maxModels
    this.#maxBytes = maxBytes
  }

  get(id: ModelId): Runnable | undefined {
    return this.#models.get(id)
  }

  /** As `get`, and keeps the model longer. */
  use(id: ModelId): Runnable | undefined {
    const model = this.#models.get(id)
    if (model) {
      this.#models.delete(id)
      this.#models.set(id, model)
    }
    return model
  }

  drop(id: ModelId): void {
    this.#models.delete(id)
  }

  /** Puts a model on the shelf, where it fits whatever its size. Returns those that had to leave. */
  put(model: Runnable): ModelId[] {
    this.#models.delete(model.id)
    this.#models.set(model.id, model)
    const evicted: ModelId[] = []
    for (const id of this.#models.keys()) {
      if (id === model.id || (this.#models.size <= this.#maxModels && this.#bytes() <= this.#maxBytes)) break
      this.#models.delete(id)
      evicted.push(id)
    }
    return evicted
  }

  #bytes(): number {
    return [...this.#models.values()].reduce((sum, model) => sum + bytesOfFiles(model), 0)
  }
}
