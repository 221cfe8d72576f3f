import { hash } from '../domain/hash.ts'
import type { Manifest } from '../domain/manifest.ts'
import { byteLength, type Tensors } from '../domain/tensor.ts'
import type { CanonEngine } from '../ports/canon-engine.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'

/** A fault of arithmetic. `operator`: index in the file's node order, from 0; without it, the fault is in the outputs. */
export type ArithmeticFault =
  /** Every float is multiplied. */
  | { readonly kind: 'scale'; readonly factor: number; readonly operator?: number }
  /** One element of the first value is changed. */
  | { readonly kind: 'element'; readonly index: number; readonly operator?: number }
  /** Every float is rounded to half precision, or to bfloat16. */
  | { readonly kind: 'fp16' | 'bf16'; readonly operator?: number }
  /** The output of the first job, for ever. */
  | { readonly kind: 'constant' }
  /** Weights that are not the model's. */
  | { readonly kind: 'version' }

/** A right run, a wrong claim of it, and assertions to back that claim, made up from the operator on; without one, from the last. */
export type FalseWitness = { readonly kind: 'false-assertion' | 'contradiction'; readonly operator?: number }

/**
 * A fault that somebody plants in a tab of their own, to see it found: nothing that looks for faults ever reads it.
 * `silent`: accepts and is not heard of again. `stall`: computes, and keeps its commit or its reveal to itself. `vanish`: is gone
 * once it is bound. `copycat`: computes nothing, and shows something that it is not bound to. `skip-self-test`: trusts its GPU.
 */
export type PlantedFault =
  | ArithmeticFault
  | FalseWitness
  | { readonly kind: 'stall'; readonly at: 'commit' | 'reveal' }
  | { readonly kind: 'silent' | 'vanish' | 'copycat' | 'skip-self-test' }

/** What an executor with a fault does: nothing, or all but for one message, or it leaves once it is bound, or shows what it did not compute. */
export type Misconduct = 'silent' | 'keeps-commit' | 'keeps-reveal' | 'vanishes' | 'copies'

/** Puts a fault into an engine: its code comes with a fault, and most tabs have none. */
export type Disturb = (engine: InferenceEngine & Partial<CanonEngine>, planted: PlantedFault) => CanonEngine

/** How an executor with this fault misbehaves, if it does. */
export function misconductOf(planted: PlantedFault | undefined): Misconduct | undefined {
  switch (planted?.kind) {
    case 'silent':
      return 'silent'
    case 'stall':
      return planted.at === 'commit' ? 'keeps-commit' : 'keeps-reveal'
    case 'vanish':
      return 'vanishes'
    case 'copycat':
      return 'copies'
    default:
      return undefined
  }
}

/** What a copycat shows: nobody's output is shown to it before all are bound, so there is nothing to copy but emptiness. */
export const blankOutputs = ({ outputs }: Pick<Manifest, 'outputs'>): Tensors =>
  Object.fromEntries(
    outputs.map(({ name, dtype, dims: declared }) => {
      const dims = declared.map((size) => size ?? 1)
      return [name, { dtype, dims, data: new Uint8Array(byteLength({ dtype, dims })) }]
    }),
  )

/** The hashes of a right trace, what was claimed of it, and the index of the operator that makes each value. */
export interface WitnessedTrace {
  readonly values: readonly Uint8Array[]
  readonly operators: readonly number[]
  /** `hashTensors` of the canonical output, and of the output that this peer claimed. */
  readonly output: Uint8Array
  readonly claimed: Uint8Array
}

/**
 * What a peer asserts, to the room and to the requester: lists as a root is taken over, each value's hash and last the output's. Both
 * are the right one unless its fault is to bear false witness: then what the room hears backs its claim, and a peer that
 * contradicts itself tells the requester the truth. Two peers with one fault make up the same.
 */
export function assertionsOf(
  planted: PlantedFault | undefined,
  { values, operators, output, claimed }: WitnessedTrace,
): { readonly toRoom: readonly Uint8Array[]; readonly toRequester: readonly Uint8Array[] } {
  const right = [...values, output]
  if (planted?.kind !== 'false-assertion' && planted?.kind !== 'contradiction')
    return { toRoom: right, toRequester: right }
  const named = planted.operator === undefined ? -1 : operators.indexOf(planted.operator)
  const first = named < 0 ? values.length - 1 : named
  const made = [...values.map((value, i) => (i < first ? value : hash('moot/made-up-value', value))), claimed]
  return { toRoom: made, toRequester: planted.kind === 'contradiction' ? right : made }
}
