import { FIRST_CHARTER } from '../domain/charter.ts'
import { fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import { tensorsFromJson } from '../domain/tensor-json.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { ModelSummary } from '../peer/view.ts'
import { pictureTensor, readsInk, type Pixels } from './picture/picture-tensor.ts'
import { renderStrokes, type Stroke } from './picture/strokes.ts'

/** Ways to give a model its input. */
export type Way = 'draw' | 'picture' | 'numbers'

/** What a person is about to ask: it outlives a look at another screen. */
export interface Draft {
  readonly model: ModelId | undefined
  readonly way: Way
  readonly strokes: readonly Stroke[]
  readonly picture: Pixels | undefined
  readonly numbers: string
  readonly replication: number
}

export const FRESH_DRAFT: Draft = {
  model: undefined,
  way: 'draw',
  strokes: [],
  picture: undefined,
  numbers: '',
  replication: FIRST_CHARTER.verification.replication,
}

/** The ways that a model takes, the handiest first. */
export const waysOf = ({ manifest }: ModelSummary): readonly Way[] =>
  readsInk(manifest) ? ['draw', 'picture', 'numbers'] : manifest.image ? ['picture', 'numbers'] : ['numbers']

/** The way of a draft, or the handiest that its model takes. */
export function wayFor(draft: Draft, model: ModelSummary): Way {
  const ways = waysOf(model)
  return ways.includes(draft.way) ? draft.way : (ways[0] ?? 'numbers')
}

/** What the model gets, decoded and scaled once, here. Throws what is wrong with it, or missing. */
export function inputOf(draft: Draft, model: ModelSummary): Tensors {
  const way = wayFor(draft, model)
  switch (way) {
    case 'draw':
      if (draft.strokes.length === 0) throw missing('drawing', 'a drawing', 'an empty pad')
      return pictureTensor(model.manifest, renderStrokes(draft.strokes))
    case 'picture':
      if (draft.picture === undefined) throw missing('picture', 'a picture', 'none')
      return pictureTensor(model.manifest, draft.picture)
    case 'numbers':
      return tensorsFromJson(draft.numbers)
    default:
      return way satisfies never
  }
}

const missing = (input: string, expected: string, got: string) => fault({ code: 'WRONG_INPUT', input, expected, got })
