import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import { valueHash } from '../../src/domain/dispute/trace.ts'
import { hex } from '../../src/domain/hash.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { LoadedModel } from '../../src/ports/inference-engine.ts'
import { runExposed, runWhole } from './canon-runs.ts'

/** What came of running one operator alone. */
export interface Replayed {
  /** Its index and type, such as `3 Conv`. */
  readonly operator: string
  /** Operators in its model: one, but for sequences and texts. */
  readonly operators: number
  readonly bytes: number
  /** Values that were compared with those of the whole run, and those among them whose bits differ. */
  readonly compared: number
  readonly differing: readonly string[]
}

/** Runs a model whole, every value exposed, and then each operator that makes a tensor alone, on the values of that run. */
export async function replayAlone(model: Pick<LoadedModel, 'bytes' | 'weights'>, inputs: Tensors): Promise<Replayed[]> {
  const { outline, leaf, cut } = await openSurgery(model)
  const values: Tensors = { ...inputs, ...(await runExposed(model, inputs)) }
  const isCarried = (place: number) => outline.values[place]!.name in values
  const rows: Replayed[] = []
  for (const { index, type, makes } of outline.operators) {
    const place = outline.values.findIndex(({ name, operator }) => operator === index && name in values)
    if (place < 0) continue
    const part = leaf(place, isCarried)
    const bytes = cut(part, values)
    const alone = await runWhole({ bytes, weights: [] }, only(values, part.needs))
    const compared = makes.filter((name) => name in values)
    rows.push({
      operator: `${index} ${type}`,
      operators: part.operators.length,
      bytes: bytes.length,
      compared: compared.length,
      differing: compared.filter((name) => hashOf(name, alone) !== hashOf(name, values)),
    })
  }
  return rows
}

/** Names of operators that came out otherwise when they ran alone. */
export const unlike = (rows: readonly Replayed[]): string[] =>
  rows.filter(({ differing, compared }) => differing.length > 0 || compared === 0).map(({ operator }) => operator)

export const only = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(
    names.map((name) => {
      const tensor = tensors[name]
      if (!tensor) throw new Error(`there is no value ${name}`)
      return [name, tensor]
    }),
  )

const hashOf = (name: string, tensors: Tensors) => {
  const tensor = tensors[name]
  return tensor ? hex(valueHash(name, tensor)) : 'missing'
}
