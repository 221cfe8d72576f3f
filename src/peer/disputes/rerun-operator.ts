import { NOT_CARRIED, valueHash } from '../../domain/dispute/trace.ts'
import { fault } from '../../domain/fault.ts'
import { equalBytes } from '../../domain/hash.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { Operator, Surgery } from '../../ports/surgery.ts'

/** One operator, run alone in the canon. */
export interface OperatorRun {
  readonly operator: Operator
  /** The operator as a model of its own, and what it was given. */
  readonly model: Uint8Array
  readonly inputs: Tensors
  /** The value in question: its name, what came out, and the hash of that. */
  readonly value: string
  readonly output?: Tensor
  readonly found: Uint8Array
  readonly computeMs: number
}

/** Where the inputs of an operator come from, by the names of values. Rejects where they cannot be had. */
export type GiveValues = (names: readonly string[]) => Promise<Tensors>

/** Runs the operator that makes a value, by the value's place in the trace, on inputs that both sides agree on. */
export async function rerunOperator(
  { canon, surgery }: { canon: Pick<CanonEngine, 'runOnce'>; surgery: Surgery },
  value: number,
  { isCarried, give }: { isCarried: (value: number) => boolean; give: GiveValues },
  options: { signal?: AbortSignal } = {},
): Promise<OperatorRun> {
  const { operators, values } = surgery.outline
  const made = values[value]
  const operator = made && operators[made.operator]
  if (made === undefined || operator === undefined)
    throw fault({
      code: 'MALFORMED',
      what: 'trace',
      why: `the model makes ${values.length} values, and no number ${value}`,
    })
  const leaf = surgery.leaf(value, isCarried)
  const inputs = await give(leaf.needs)
  const model = surgery.cut(leaf, inputs)
  const { outputs, computeMs } = await canon.runOnce(model, inputs, options)
  const output = outputs[made.name]
  const found = output ? valueHash(made.name, output) : NOT_CARRIED
  return { operator, model, inputs, value: made.name, ...(output ? { output } : {}), found, computeMs }
}

/** Whether each tensor is the one that was agreed on, by the hash of its value. Those of the model's own inputs have none. */
export const areAgreed = (tensors: Tensors, hashOf: (name: string) => Uint8Array | undefined): boolean =>
  Object.entries(tensors).every(([name, tensor]) => {
    const agreed = hashOf(name)
    return agreed === undefined || equalBytes(valueHash(name, tensor), agreed)
  })
