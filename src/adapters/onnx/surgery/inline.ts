import type { LoadedModel } from '../../../ports/inference-engine.ts'
import { readTensor } from '../read-tensor.ts'
import { refused } from '../refusals.ts'
import { MAX_FIELDS, type Budget } from '../wire.ts'
import { around, fieldsOf, type WireField } from './fields.ts'

/** Where tensors lie within what an operator's own model is made of (onnx/onnx.proto). */
const LAYOUT = {
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
} as const satisfies Record<string, Readonly<Record<number, string>>>

type Kind = keyof typeof LAYOUT | 'tensor'

const TENSOR = { rawData: 9, externalData: 13, dataLocation: 14 } as const

type Weights = LoadedModel['weights']

/** The field's bytes, as pieces, with what lies in files beside the model written into it; as they were where nothing does. */
export function inlined(
  field: WireField,
  kind: Kind,
  weights: Weights,
  budget: Budget = { fields: MAX_FIELDS },
): readonly Uint8Array[] {
  if (kind === 'tensor') return inlinedTensor(field, weights, budget)
  const layout: Readonly<Record<number, Kind>> = LAYOUT[kind]
  let isChanged = false
  const pieces: Uint8Array[] = []
  for (const part of fieldsOf(field.content, budget)) {
    const within = layout[part.number]
    const written = within ? inlined(part, within, weights, budget) : [part.raw]
    if (written[0] !== part.raw) isChanged = true
    pieces.push(...written)
  }
  return isChanged ? around(field.number, pieces) : [field.raw]
}

function inlinedTensor(field: WireField, weights: Weights, budget: Budget): readonly Uint8Array[] {
  const { elsewhere } = readTensor(field.content, budget)
  if (!elsewhere) return [field.raw]
  const { path, offset, bytes } = elsewhere
  const file = weights.find((one) => one.path === path)
  if (!file || file.bytes.length < bytes) throw refused(`its weights lie in ${path}, which is missing or cut short`)
  const replaced: readonly number[] = Object.values(TENSOR)
  const kept = [...fieldsOf(field.content, budget)].filter(({ number }) => !replaced.includes(number))
  return around(field.number, [
    ...kept.map(({ raw }) => raw),
    ...around(TENSOR.rawData, [file.bytes.subarray(offset, bytes)]),
  ])
}
