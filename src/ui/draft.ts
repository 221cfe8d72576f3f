import type { Check } from '../domain/checking.ts'
import type { ModelId } from '../domain/manifest.ts'
import { tensorsFromJson } from '../domain/tensor-json.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Models, ModelSummary } from '../peer/view.ts'
import { pictureTensor, readsInk, type Pixels } from './picture/picture-tensor.ts'
import { renderStrokes, type Stroke } from './picture/strokes.ts'

/** Ways to give a model its input. */
export type Way = 'draw' | 'picture' | 'text' | 'numbers'

/** What a person is about to ask: it outlives a look at another screen. */
export interface Draft {
  readonly model: ModelId | undefined
  readonly way: Way
  readonly strokes: readonly Stroke[]
  readonly picture: Pixels | undefined
  readonly words: string
  readonly numbers: string
  /** How it is to be checked, once a person chose; and by how many tabs, once they chose that. */
  readonly mode: Check['mode'] | undefined
  readonly replication: number | undefined
}

export const FRESH_DRAFT: Draft = {
  model: undefined,
  way: 'draw',
  strokes: [],
  picture: undefined,
  words: '',
  numbers: '',
  mode: undefined,
  replication: undefined,
}

/** Tabs where the charter names no number: the least that a lone fault cannot tie. */
const SEVERAL = 3

/** How a draft is checked: as the person chose, else as the charter has it. */
export function checkOf({ mode, replication }: Pick<Draft, 'mode' | 'replication'>, standard: Check): Check {
  const wanted = mode ?? standard.mode
  if (wanted !== 'replicated') return { mode: wanted }
  const several = standard.mode === 'replicated' ? standard.replication : SEVERAL
  return { mode: wanted, replication: replication ?? several }
}

/** The ways that a model takes, the handiest first. */
export function waysOf({ manifest }: ModelSummary): readonly Way[] {
  const { image, text } = manifest
  const pictures: readonly Way[] = readsInk(manifest) ? ['draw', 'picture'] : image ? ['picture'] : []
  return [...pictures, ...(text ? (['text'] as const) : []), 'numbers']
}

/** The way of a draft, or the handiest that its model takes. */
export function wayFor(draft: Draft, model: ModelSummary): Way {
  const ways = waysOf(model)
  return ways.includes(draft.way) ? draft.way : (ways[0] ?? 'numbers')
}

/** What a person must do before there is anything to ask; `undefined` once there is. */
export function missingWords(draft: Draft, model: ModelSummary): string | undefined {
  const way = wayFor(draft, model)
  if (way === 'draw' && draft.strokes.length === 0) return 'Draw a digit first.'
  if (way === 'picture' && draft.picture === undefined) return 'Choose a picture first.'
  if (way === 'text' && draft.words.trim() === '') return 'Write something first.'
  return way === 'numbers' && draft.numbers.trim() === '' ? 'Fill in the numbers first.' : undefined
}

/**
 * What the model gets, decoded, scaled or cut into tokens once, here; `undefined` where something is missing. Rejects
 * with what is wrong with it, and for a text with what `textInput` rejects with.
 */
export async function inputOf(
  draft: Draft,
  model: ModelSummary,
  models: Pick<Models, 'file'>,
  { signal }: { signal: AbortSignal },
): Promise<Tensors | undefined> {
  if (missingWords(draft, model) !== undefined) return undefined
  const way = wayFor(draft, model)
  switch (way) {
    case 'draw':
      return pictureTensor(model.manifest, renderStrokes(draft.strokes))
    case 'picture':
      return draft.picture && pictureTensor(model.manifest, draft.picture)
    case 'text': {
      // Only few models read text: what that takes is loaded when one is asked.
      const { textInput } = await import('./text/text-input.ts')
      return textInput(model, draft.words, models, { signal })
    }
    case 'numbers':
      return tensorsFromJson(draft.numbers)
    default:
      return way satisfies never
  }
}
