import { faultOf } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { Clock } from '../ports/clock.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { BlockExchange, Holder } from '../protocols/blocks/index.ts'
import { dropOldest } from './drop-oldest.ts'
import { fetchManifest } from './fetch-manifest.ts'
import type { ModelShelf } from './hold-models.ts'

/** Manifests fetched at a time: they are small, and jobs come first. */
const AT_A_TIME = 2

/** Ids that were announced and turned out to be no model's. */
const MAX_REFUSED = 1_024

/** Milliseconds before a manifest that nobody could send is asked for again. */
const AGAIN = 15_000

export interface KnowComponents {
  readonly clock: Clock
  readonly verify: VerifySignature
  readonly exchange: BlockExchange
  readonly shelf: Pick<ModelShelf, 'has' | 'isFull' | 'learn'>
  readonly announced: () => ReadonlyMap<ModelId, readonly Holder[]>
}

/** Learns what the models are that others say they hold. */
export class ModelScout {
  readonly #components: KnowComponents
  readonly #asking = new Set<ModelId>()
  /** Bad for good: whoever sends it, it is the same. */
  readonly #refused = new Set<ModelId>()
  /** When it was last asked for in vain. */
  readonly #failed = new Map<ModelId, number>()
  readonly #stop = new AbortController()

  constructor(components: KnowComponents) {
    this.#components = components
  }

  /** Called whenever somebody may have announced something. */
  look(): void {
    const { announced, shelf, clock } = this.#components
    if (this.#asking.size >= AT_A_TIME || shelf.isFull()) return
    for (const model of announced().keys()) {
      if (this.#asking.size >= AT_A_TIME || this.#stop.signal.aborted) return
      if (shelf.has(model) || this.#asking.has(model) || this.#refused.has(model)) continue
      if (clock.now() - (this.#failed.get(model) ?? -AGAIN) < AGAIN) continue
      this.#asking.add(model)
      void this.#ask(model).finally(() => {
        this.#asking.delete(model)
        this.look()
      })
    }
  }

  stop(): void {
    this.#stop.abort()
  }

  async #ask(model: ModelId): Promise<void> {
    const { announced, shelf, clock } = this.#components
    const holders = () => announced().get(model) ?? []
    try {
      shelf.learn(model, await fetchManifest(this.#components, model, holders, this.#stop.signal))
      this.#failed.delete(model)
    } catch (error) {
      const { code } = faultOf(error)
      if (code === 'MODEL_UNKNOWN' || code === 'CANCELLED') this.#failed.set(model, clock.now())
      else this.#refused.add(model)
      dropOldest(this.#failed, MAX_REFUSED)
      dropOldest(this.#refused, MAX_REFUSED)
    }
  }
}
