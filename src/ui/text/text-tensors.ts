import { fault } from '../../domain/fault.ts'
import type { Manifest, TextInput, ValueInfo } from '../../domain/manifest.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'
import type { Tokens } from './tokenize.ts'

/** Tokens of the longest input that a text is made into: as many as a manifest may ask for. */
const MAX_TOKENS = 131_072

/** Tokens that a text may come to: as many as the model takes, and as its input has room for. */
export function roomFor(manifest: Manifest, text: TextInput): number {
  const room = idsOf(manifest, text).dims.at(-1)
  return Math.min(text.most, room ?? text.most)
}

/**
 * What a model gets for a tokenized text: ids, and its mask and types where it has inputs for them. An input of a fixed
 * length is filled up with padding that the mask covers. Throws `WRONG_INPUT` or `WRONG_DTYPE` where it takes no such text.
 */
export function textTensors(manifest: Manifest, text: TextInput, { ids, types, padding }: Tokens): Tensors {
  const length = idsOf(manifest, text).dims.at(-1) ?? ids.length
  // A manifest is a stranger's word: its last dimension may be any number.
  if (length > MAX_TOKENS) throw fault({ code: 'TOO_LARGE', what: 'text', bytes: length * 8, limit: MAX_TOKENS * 8 })
  const filled = (values: readonly number[], filler: number) => Array.from({ length }, (_, i) => values[i] ?? filler)
  const parts: readonly (readonly [name: string | undefined, values: readonly number[]])[] = [
    [text.ids, filled(ids, padding)],
    [
      text.mask,
      filled(
        Array.from(ids, () => 1),
        0,
      ),
    ],
    [text.types, filled(types, 0)],
  ]
  return Object.fromEntries(
    parts.flatMap(([name, values]) => (name === undefined ? [] : [[name, tensorOf(inputOf(manifest, name), values)]])),
  )
}

const idsOf = (manifest: Manifest, { ids }: TextInput): ValueInfo => inputOf(manifest, ids)

function inputOf({ inputs }: Manifest, name: string): ValueInfo {
  const input = inputs.find((value) => value.name === name)
  if (input === undefined)
    throw fault({ code: 'WRONG_INPUT', input: name, expected: 'an input of this name', got: 'none' })
  return input
}

/** A row of whole numbers in the model's own type and shape. */
function tensorOf({ name, dtype, dims }: ValueInfo, values: readonly number[]): Tensor {
  const shape = dims.map((dim, i) => (i === dims.length - 1 ? (dim ?? values.length) : (dim ?? 1)))
  if (shape.length === 0 || shape.reduce((a, b) => a * b, 1) !== values.length)
    throw fault({
      code: 'WRONG_INPUT',
      input: name,
      expected: dims.map((dim) => dim ?? '?').join(' × '),
      got: 'one text',
    })
  switch (dtype) {
    case 'int64':
      return { dtype, dims: shape, data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) }
    case 'int32':
      return { dtype, dims: shape, data: new Uint8Array(Int32Array.from(values).buffer) }
    default:
      throw fault({ code: 'WRONG_DTYPE', input: name, expected: dtype, got: 'a text, which is made int64 or int32' })
  }
}
