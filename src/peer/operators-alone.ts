import { NOT_CARRIED } from '../domain/dispute/trace.ts'
import { faultOf, MootError } from '../domain/fault.ts'
import { equalBytes } from '../domain/hash.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Trace, TraceOptions } from '../ports/canon-engine.ts'
import type { Leaf, Operator, Surgery } from '../ports/surgery.ts'

/** An operator that can be run on its own, with what the canon gives to it and makes of it. */
export interface Alone {
  readonly operator: Operator
  /** The operator as a model, with its weights inside. */
  readonly model: Uint8Array
  readonly inputs: Tensors
  /** What the canon makes of these inputs, by name. */
  readonly expected: Tensors
}

export interface AloneComponents {
  readonly surgery: Surgery
  /** Runs the model that was taken apart in the canon. */
  readonly trace: (inputs: Tensors, options: TraceOptions) => Promise<Trace>
  /** Told of each operator that is too large to be looked at alone. */
  readonly onSkipped: (operator: Operator) => void
}

interface Step {
  readonly operator: Operator
  readonly leaf: Leaf
  /** Names of what it takes of other operators, and of what it makes. */
  readonly keep: readonly string[]
  readonly makes: readonly string[]
}

/**
 * A model's operators in topological order, each alone, as the canon runs them on these inputs. Memory is that of one trace's kept
 * values: the model runs again for each chunk of operators that fits. Constants, which take nothing, are left out. Rejects as traces do.
 */
export async function* operatorsAlone(
  { surgery, trace, onSkipped }: AloneComponents,
  inputs: Tensors,
  options: { signal?: AbortSignal },
): AsyncGenerator<Alone> {
  const { values } = await trace(inputs, options)
  const steps = stepsOf(surgery, inputs, values)
  for (let [at, size] = [0, steps.length]; at < steps.length;) {
    const chunk = steps.slice(at, at + size)
    const kept = await unlessTooLarge(
      trace(inputs, { ...options, keep: [...new Set(chunk.flatMap(({ keep }) => keep))] }),
    )
    if (kept === undefined && size > 1) {
      size = Math.ceil(size / 2)
      continue
    }
    for (const step of chunk) {
      const alone = kept && aloneOf(surgery, step, { ...kept.kept, ...inputs })
      if (alone) yield alone
      else onSkipped(step.operator)
    }
    at += chunk.length
  }
}

/** The operators that take something, in order, each by the first of its values that can be carried. */
function stepsOf(surgery: Surgery, inputs: Tensors, hashes: Trace['values']): Step[] {
  const { outline } = surgery
  const isCarried = (value: number) => !equalBytes(hashes[value] ?? NOT_CARRIED, NOT_CARRIED)
  const carried = new Set(outline.values.filter((_, i) => isCarried(i)).map(({ name }) => name))
  const seen = new Set<number>()
  return outline.values.flatMap(({ operator: index }, i): Step[] => {
    const operator = outline.operators[index]
    if (operator === undefined || seen.has(index) || !isCarried(i)) return []
    seen.add(index)
    const leaf = surgery.leaf(i, isCarried)
    if (leaf.needs.length === 0) return []
    const makes = operator.makes.filter((name) => carried.has(name))
    const taken = leaf.needs.filter((name) => !Object.hasOwn(inputs, name))
    return [{ operator, leaf, makes, keep: [...taken, ...makes] }]
  })
}

/** Undefined where it is too much for a model of its own. */
function aloneOf(surgery: Surgery, { operator, leaf, makes }: Step, values: Tensors): Alone | undefined {
  const inputs = pick(values, leaf.needs)
  try {
    return { operator, model: surgery.cut(leaf, inputs), inputs, expected: pick(values, makes) }
  } catch (error) {
    if (error instanceof MootError) return undefined
    throw error
  }
}

const pick = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(
    names.flatMap((name) => {
      const tensor = tensors[name]
      return tensor ? [[name, tensor]] : []
    }),
  )

async function unlessTooLarge(traced: Promise<Trace>): Promise<Trace | undefined> {
  try {
    return await traced
  } catch (error) {
    if (faultOf(error).code === 'TOO_LARGE') return undefined
    throw error
  }
}
