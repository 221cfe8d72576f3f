import type * as OrtLibrary from 'onnxruntime-web'
import { byteLength, type DType, type Tensors } from '../../domain/tensor.ts'
import type { Operator } from '../../ports/surgery.ts'
import { isDType } from './ort-tensors.ts'

type OrtSession = OrtLibrary.InferenceSession
type Metadata = OrtSession['inputMetadata'][number]
type Shape = readonly (number | string)[]

/** Operators that make values of any size from small ones. All others make about what they take, where nothing better is known. */
const EXPANDING =
  /^(ConstantOfShape|Expand|Range|Tile|OneHot|Resize|Upsample|Pad|Loop|Scan|If|SequenceAt|ConcatFromSequence|Einsum|Col2Im)$/

/** Bytes that a value counts of which nothing is known, and no operand is larger. */
const LEAST = 64 << 10

/** Operators that are cut out together before the engine has inferred anything of their values. */
const AHEAD = 64

/** How many bytes the values of a model take, as far as the engine infers it from the sizes of what goes in. */
export class ValueSizes {
  readonly #known = new Map<string, number>()
  /** Those of which the engine was asked. */
  readonly #asked = new Set<string>()

  constructor(inputs: Tensors) {
    for (const [name, tensor] of Object.entries(inputs)) this.#known.set(name, byteLength(tensor))
  }

  /** Takes in what a session says of its outputs, once it is known what goes into it. */
  learn({ inputMetadata, outputMetadata }: OrtSession, inputs: Tensors): void {
    const symbols = symbolsOf(inputMetadata, inputs)
    for (const value of outputMetadata) {
      this.#asked.add(value.name)
      const bytes = value.isTensor && isDType(value.type) ? bytesFor(value.type, value.shape, symbols) : undefined
      if (bytes !== undefined) this.#known.set(value.name, bytes)
    }
  }

  /** Takes in values that are there. */
  see(values: Tensors): void {
    for (const [name, { data }] of Object.entries(values)) this.#known.set(name, data.length)
  }

  /** How many of these operators, the first at least, make no more than `room` bytes. One of which nobody can tell is the last. */
  fitting(operators: readonly Operator[], room: number): number {
    const guesses = new Map<string, number>()
    const sizeOf = (name: string) => this.#known.get(name) ?? guesses.get(name)
    let [sum, unasked] = [0, 0]
    for (const [i, { type, takes, makes }] of operators.entries()) {
      const guess = takes.reduce((most, name) => Math.max(most, sizeOf(name) ?? 0), LEAST)
      for (const name of makes) if (!this.#known.has(name)) guesses.set(name, this.#asked.has(name) ? guess : 0)
      sum += makes.reduce((bytes, name) => bytes + (sizeOf(name) ?? 0), 0)
      if (sum > room && i > 0) return i
      const isOpen = makes.some((name) => this.#asked.has(name) && !this.#known.has(name))
      if (isOpen && EXPANDING.test(type)) return i + 1
      if (makes.some((name) => !this.#asked.has(name)) && ++unasked === AHEAD) return i + 1
    }
    return operators.length
  }
}

function symbolsOf(metadata: readonly Metadata[], inputs: Tensors): Map<string, number> {
  const symbols = new Map<string, number>()
  for (const value of metadata) {
    const dims = inputs[value.name]?.dims
    if (!value.isTensor || !dims) continue
    for (const [i, size] of value.shape.entries()) if (typeof size === 'string') symbols.set(size, dims[i] ?? 0)
  }
  return symbols
}

/** Undefined where a size is not known. A shape without any dimension may be one that the engine could not infer. */
function bytesFor(dtype: DType, shape: Shape, symbols: ReadonlyMap<string, number>): number | undefined {
  const dims = shape.flatMap((size) => (typeof size === 'number' ? size : (symbols.get(size) ?? [])))
  if (dims.length === 0 || dims.length < shape.length || dims.some((size) => size < 0)) return undefined
  return byteLength({ dtype, dims })
}
