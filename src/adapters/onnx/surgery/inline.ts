import type { LoadedModel } from '../../../ports/inference-engine.ts'
import { readTensor } from '../read-tensor.ts'
import { refused } from '../refusals.ts'
import { MAX_FIELDS, type Budget } from '../wire.ts'
import { around, replaced, type WireField } from './fields.ts'

/** Where tensors lie within what an operator's own model is made of (onnx/onnx.proto). */
const LAYOUT = {
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
} as const satisfies Record<string, Readonly<Record<number, string>>>

type Kind = keyof typeof LAYOUT | 'tensor'

/** Of a TensorProto: its numbers, and what stands there instead of them. */
const RAW_DATA = 9
const ELSEWHERE = new Set([RAW_DATA, 13, 14])

type Weights = LoadedModel['weights']

/** The field's bytes, as pieces, with what lies in files beside the model written into it. Undefined where nothing does. */
export function inlined(
  field: WireField,
  kind: Kind,
  weights: Weights,
  budget: Budget = { fields: MAX_FIELDS },
): readonly Uint8Array[] | undefined {
  if (kind === 'tensor') return inlinedTensor(field, weights, budget)
  const layout: Readonly<Record<number, Kind>> = LAYOUT[kind]
  const pieces = replaced(field.content, budget, (part) => {
    const within = layout[part.number]
    return within && inlined(part, within, weights, budget)
  })
  return pieces.length > 1 ? around(field.number, pieces) : undefined
}

function inlinedTensor(field: WireField, weights: Weights, budget: Budget): readonly Uint8Array[] | undefined {
  const { elsewhere } = readTensor(field.content, budget)
  if (!elsewhere) return undefined
  const { path, offset, bytes } = elsewhere
  const file = weights.find((one) => one.path === path)
  if (!file || file.bytes.length < bytes) throw refused(`its weights lie in ${path}, which is missing or cut short`)
  const kept = replaced(field.content, budget, ({ number }) => (ELSEWHERE.has(number) ? [] : undefined))
  return around(field.number, [...kept, ...around(RAW_DATA, [file.bytes.subarray(offset, bytes)])])
}
