import type { Tensors } from '../domain/tensor.ts'
import type { LoadedModel } from './inference-engine.ts'

/** An operator of a model's main graph. */
export interface Operator {
  /** In the file's node order, from 0. */
  readonly index: number
  /** Such as `Conv`. */
  readonly type: string
  /** Its own name, where it has one. */
  readonly name: string
  /** Names of what it takes, weights and what bodies of `If` and `Loop` take from outside included; of what it makes. Unnamed ones are left out. */
  readonly takes: readonly string[]
  readonly makes: readonly string[]
}

/** What a model computes, as its file says it. */
export interface Outline {
  /** In the file's order. */
  readonly operators: readonly Operator[]
  /**
   * Every value that an operator of the main graph makes, in topological order: that of the file wherever it is one, else the
   * least index of those that are ready.
   */
  readonly values: readonly { readonly name: string; readonly operator: number }[]
}

/** The operator that makes a value, with those before it whose values cannot be carried between peers. */
export interface Leaf {
  /** The last makes the value. One, but for sequences and texts between operators. */
  readonly operators: readonly number[]
  /** Values that must be given: inputs of the model, or made by other operators. Weights and constants come with the model. */
  readonly needs: readonly string[]
}

export interface CutOptions {
  /** Outputs, by name: some of what the operators make. What is not among them is not exposed, which changes bits in half precision. */
  readonly wanted?: readonly string[]
}

/** Takes a model apart without losing a byte of it. */
export interface Surgery {
  readonly outline: Outline
  /** What decides over one value, by its index in `Outline.values`. `isCarried` says of which values there are tensors to give. */
  leaf(value: number, isCarried: (value: number) => boolean): Leaf
  /** Any operators together, in topological order, and what must be given to them. */
  segment(operators: readonly number[]): Leaf
  /**
   * A model of these operators alone, with their weights inside and all that they make as outputs; its inputs have the types and
   * shapes of `values`, which holds what the leaf needs. The same bytes wherever it is cut. Throws `MODEL_REFUSED`, `TOO_LARGE`.
   */
  cut(leaf: Leaf, values: Tensors, options?: CutOptions): Uint8Array
}

/** Reads a model whose bytes were checked. Throws `MODEL_NOT_ONNX`, `MODEL_REFUSED`. Its code is fetched when it is first needed. */
export type OpenSurgery = (model: Pick<LoadedModel, 'bytes' | 'weights'>) => Promise<Surgery>
