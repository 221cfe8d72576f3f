import type { ContestEvidence } from '../../domain/dispute/evidence.ts'
import { NOT_CARRIED, valueHash } from '../../domain/dispute/trace.ts'
import type { Opened } from '../../domain/dispute/opened-trace.ts'
import { equalBytes } from '../../domain/hash.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { Surgery } from '../../ports/surgery.ts'

export type Leaf = ContestEvidence['leaves'][number]

/** An operator of a bundle, run again: what came out, and whether it is the one that decides. */
export interface ReplayedLeaf {
  readonly leaf: Leaf
  /** Whether its model is the operator that makes the value; undefined where the whole model is not at hand. */
  readonly isOfModel: boolean | undefined
  /** Why its inputs are not those on which both sides agree. */
  readonly badInput?: string
  readonly found: Uint8Array
  /** The value's name and what came out; absent where no side had that. */
  readonly value?: string
  readonly output?: Tensor
  readonly computeMs: number
}

/** Runs the operator of a bundle in the canon. Rejects with what engines reject with. */
export async function replayLeaf(
  { canon, surgery }: { canon: CanonEngine; surgery: Surgery | undefined },
  leaf: Leaf,
  { sides: [left, right], input }: { sides: readonly [Opened, Opened]; input: Tensors | undefined },
  options: { signal?: AbortSignal },
): Promise<ReplayedLeaf> {
  const { value, model, inputs } = leaf
  const [a, b] = [left.hashAt(value), right.hashAt(value)]
  const { outputs, computeMs } = await canon.runOnce(model, inputs, options)
  const hashes = Object.entries(outputs).map(([name, output]) => ({ name, output, hash: valueHash(name, output) }))
  const named = surgery?.outline.values[value]?.name
  // Without the model nobody knows what the value is called: it is the one that a side says.
  const isSaid = (hash: Uint8Array) => (a && equalBytes(a, hash)) || (b && equalBytes(b, hash))
  const made = hashes.find(({ name, hash }) => (named === undefined ? isSaid(hash) : name === named))
  const badInput = whyBadInput(inputs, { left, before: value, surgery, input })
  return {
    leaf,
    isOfModel: surgery && isCutFrom(surgery, leaf, left),
    ...(badInput === undefined ? {} : { badInput }),
    found: made?.hash ?? NOT_CARRIED,
    ...(made ? { value: made.name, output: made.output } : {}),
    computeMs,
  }
}

/** Whether the operator that the model has at this place, cut out on these inputs, is the bundle's to the byte. */
function isCutFrom(surgery: Surgery, { value, model, inputs }: Leaf, opened: Opened): boolean {
  if (surgery.outline.values[value] === undefined) return false
  const isCarried = (place: number) => !equalBytes(opened.hashAt(place) ?? NOT_CARRIED, NOT_CARRIED)
  const leaf = surgery.leaf(value, isCarried)
  const isWhole = leaf.needs.every((name) => name in inputs)
  return isWhole && equalBytes(surgery.cut(leaf, inputs), model)
}

/** The first input that neither both sides agreed on nor the job was asked with. */
function whyBadInput(
  inputs: Tensors,
  of: { left: Opened; before: number; surgery: Surgery | undefined; input: Tensors | undefined },
): string | undefined {
  const { left, before, surgery, input } = of
  const places = new Map(surgery?.outline.values.map(({ name }, place) => [name, place]))
  for (const [name, tensor] of Object.entries(inputs)) {
    const hash = valueHash(name, tensor)
    const asked = input?.[name]
    if (asked && !places.has(name) && equalBytes(valueHash(name, asked), hash)) continue
    const place = places.get(name)
    const candidates = surgery ? (place === undefined ? [] : [place]) : Array.from({ length: before }, (_, i) => i)
    const isAgreed = candidates.some((at) => at < before && equalBytes(left.hashAt(at) ?? NOT_CARRIED, hash))
    if (!isAgreed) return name
  }
  return undefined
}
