import type { EngineInfo } from '../../ports/inference-engine.ts'
import { CURRENT_CANON } from './canons.ts'
import type { ModelEngine } from './model-engine.ts'

/** The canon, usable by name before its wasm is here: what it is, is pinned; what it runs, waits. */
export interface OpeningEngine extends ModelEngine {
  /** Resolves once it can compute. Rejects with `ENGINE_UNAVAILABLE`. */
  readonly ready: Promise<void>
}

/** Stands for an engine while it opens, so that a tab can join its room meanwhile. Every call rejects as the opening does. */
export function whileOpening(opening: Promise<ModelEngine>): OpeningEngine {
  const info: EngineInfo = { kind: 'cpu', build: CURRENT_CANON.id, wasmSha256: CURRENT_CANON.wasmSha256 }
  let opened: ModelEngine | undefined
  const ready = opening.then((engine) => {
    opened = engine
  })
  // Whoever needs the engine hears of it from the call.
  ready.catch(() => {})
  return {
    info,
    ready,
    has: (model) => opened?.has(model) ?? false,
    load: async (model, options) => (await opening).load(model, options),
    run: async (model, inputs, options) => (await opening).run(model, inputs, options),
    trace: async (model, inputs, options) => (await opening).trace(model, inputs, options),
    runOnce: async (model, inputs, options) => (await opening).runOnce(model, inputs, options),
    describe: async (model, options) => (await opening).describe(model, options),
    release: async (model) => (await opening).release(model),
    close: async () => (await opening).close(),
  }
}
