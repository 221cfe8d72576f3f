import type { LoadedModel } from '../../ports/inference-engine.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ProvideModel } from '../carry-models.ts'

/** Milliseconds for which a model stays at hand: contests come in rows, and reading one from the storage takes as long as tracing it. */
const REMEMBERED_FOR = 60_000

/** Bytes of the largest model that does: half of what a phone's tab may take besides. */
const MAX_REMEMBERED = 64 << 20

/** The same as `provide`, with the last model at hand for a while. */
export function rememberingModel(provide: ProvideModel, clock: Clock): ProvideModel {
  let last: LoadedModel | undefined
  let forget = () => {}
  return async (id, options) => {
    const model = last?.id === id ? last : await provide(id, options)
    forget()
    const bytes = model.weights.reduce((sum, file) => sum + file.bytes.length, model.bytes.length)
    last = bytes <= MAX_REMEMBERED ? model : undefined
    forget = clock.after(REMEMBERED_FOR, () => (last = undefined))
    return model
  }
}
