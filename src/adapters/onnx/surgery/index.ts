import type { OpenSurgery } from '../../../ports/surgery.ts'
import { inspectModel } from '../inspect-model.ts'
import { cut, type Source } from './cut.ts'
import { dissect } from './dissect.ts'
import { inlined } from './inline.ts'
import { Plan } from './plan.ts'

/** Takes ONNX models apart. Imported when a dispute or a trace first needs it, in pages and in the engine's worker. */
export const openSurgery: OpenSurgery = async ({ bytes, weights }) => {
  const facts = inspectModel(bytes)
  const isWhole = facts.weights.length === 0
  const anatomy = dissect(bytes)
  const plan = new Plan(anatomy)
  const source: Source = {
    anatomy,
    plan,
    rounds: facts.arithmetic === 'fp16',
    piecesOf: (field, kind) => (isWhole ? undefined : inlined(field, kind, weights)) ?? [field.raw],
  }
  return {
    outline: plan.outline,
    leaf: (value, isCarried) => plan.leaf(value, isCarried),
    segment: (operators) => plan.segment(operators),
    cut: (leaf, values, { wanted } = {}) => cut(source, leaf, values, wanted),
  }
}
