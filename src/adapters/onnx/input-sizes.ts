import type { ValueInfo } from '../../domain/manifest.ts'

/** What models with free dimensions run on, the smallest first: one of everything, a few tokens, a picture's side, 32 ms of speech. */
const LADDER = [1, 16, 224, 512]

/** Sizes of all inputs, by name. */
export type Sizes = Readonly<Record<string, readonly number[]>>

/**
 * Sizes on which a model may run, those first that cost least: one where nothing is free. Free dimensions are either
 * one each, or a batch of one and all others of one size.
 */
export function inputSizes(inputs: readonly ValueInfo[]): readonly Sizes[] {
  const candidates = LADDER.flatMap((size) =>
    [isLength, isNoBatch].map((takes) =>
      Object.fromEntries(
        inputs.map(({ name, dims }) => [name, dims.map((n, axis) => n ?? (takes(dims, axis) ? size : 1))]),
      ),
    ),
  )
  return [...new Map(candidates.map((sizes) => [JSON.stringify(sizes), sizes])).values()]
}

type Dims = ValueInfo['dims']

/** The free dimension that is alone is a batch of one, unless it is the last; of several the first is. */
const isLength = (dims: Dims, axis: number): boolean =>
  dims.filter((n) => n === null).length > 1 ? isNoBatch(dims, axis) : axis === dims.length - 1

const isNoBatch = (dims: Dims, axis: number): boolean => axis > 0 || dims.length === 1
